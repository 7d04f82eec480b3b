/** `npm run -s sandbox:exec -- COMMAND...`: runs one command against the state's running sandbox, or against a sandbox that is started
 * for the command. Output and exit code are the command's own.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { findEngine } from "../../automation/engine";
import { ExitCode, UserError } from "../../automation/model/errors";
import { commandLine, runCommand, tell } from "./command";
import { over, prepare, sandboxEnvironment } from "./environment";
import { DEFAULT_STATE, type RunningSandbox } from "./runningSandbox";
import { withSandbox } from "./sandboxProcess";

async function main(): Promise<number> {
  const program = commandLine("sandbox:exec")
    .option("--state <directory>", "the sandbox's state", DEFAULT_STATE)
    .argument("<command...>", "the command and its arguments")
    .passThroughOptions()
    .parse();
  const [command = "", ...args] = program.args;
  const engine = await findEngine({ languageHost: true, progress: tell });
  const { state } = program.opts<{ state: string }>();
  const inSandbox = async (sandbox: RunningSandbox) => {
    const environment = sandboxEnvironment(sandbox.state, sandbox, engine);
    await prepare(sandbox.state, engine, environment);
    return passThrough(command, args, over(process.env, environment));
  };
  return withSandbox(state, inSandbox, { notice: tell });
}

/** Runs the command with this process's own streams, and forwards signals to it. @returns its exit code */
export function passThrough(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: "inherit" });
    const forward = (signal: NodeJS.Signals) => void child.kill(signal);
    // The terminal sends Ctrl-C to the whole process group, so the command gets it without this process.
    const ignore = () => undefined;
    process.on("SIGINT", ignore).on("SIGTERM", forward).on("SIGHUP", forward);
    const done = () => process.off("SIGINT", ignore).off("SIGTERM", forward).off("SIGHUP", forward);
    child.once("error", (error: NodeJS.ErrnoException) => {
      done();
      if (error.code !== "ENOENT" && error.code !== "EACCES") return reject(error);
      reject(
        new UserError(error.code === "ENOENT" ? 127 : 126, `cannot run ${command}: ${error.message}`, ""),
      );
    });
    child.once("close", (code, signal) => {
      done();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : ExitCode.failed));
    });
  });
}

if (require.main === module) runCommand(main);
