/** The plan of another version of the program, from its own sources, in a child process. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DescribedResource } from "../../access/model";
import type { Settings } from "../../components/settings";
import { ExitCode, UserError } from "../model/errors";
import type { PlanAnswer, PlanRequest } from "./child";

/** The folder of this program. */
export const PROGRAM_ROOT = join(__dirname, "..", "..");

/** @param root folder of that version's sources */
export function plannedElsewhere(
  settings: Settings,
  { root, signal }: { readonly root: string; readonly signal?: AbortSignal | undefined },
): Promise<DescribedResource[]> {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  return new Promise((resolve, reject) => {
    const child = fork(join(root, "automation", "proof", "child.ts"), [], {
      execArgv: ["--import", loader],
      cwd: root,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      ...(signal ? { signal } : {}),
    });
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)));
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`the plan's process ended with ${code ?? "a signal"}:\n${said}`)),
    );
    child.once("message", (answer: PlanAnswer) => {
      if ("described" in answer) resolve(answer.described);
      else
        reject(
          answer.isUsers
            ? new UserError(ExitCode.settings, answer.message)
            : Object.assign(new Error(answer.message), { stack: answer.stack }),
        );
    });
    child.send({ settings, root } satisfies PlanRequest);
  });
}
