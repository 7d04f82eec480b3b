/** Creates and selects the stack `dev` of `pulumi up` in the sandbox's own backend. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ExitCode, UserError } from "../../automation/model/errors";

const STACK = "dev";
const PROJECT_NAME = "feature-store-access";
const PROJECT = join(__dirname, "..", "..");

export interface StackPlace {
  /** Absolute path of the Pulumi CLI. */
  readonly command: string;
  /** Absolute path of the folder that the file backend keeps its stacks in. */
  readonly backend: string;
  /** Absolute path of PULUMI_HOME, where the engine records which stack is selected. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Creates the stack if the backend has none, and selects it if none is selected. @throws UserError with the CLI's message */
export async function prepareStack(place: StackPlace): Promise<void> {
  if (!exists(place)) await createStack(place);
  if (!selected(place)) await pulumi(place, PROJECT, ["stack", "select", STACK]);
}

/** Works on copies of the settings files, because the engine rewrites a stack's settings file. */
async function createStack(place: StackPlace): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "feature-store-access-stack-"));
  try {
    for (const file of ["Pulumi.yaml", `Pulumi.${STACK}.yaml`])
      copyFileSync(join(PROJECT, file), join(folder, file));
    await pulumi(place, folder, ["stack", "init", STACK, "--no-select"]);
  } catch (error) {
    // Another command may have created it at the same time.
    if (!exists(place)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function exists({ backend }: StackPlace): boolean {
  return existsSync(join(backend, ".pulumi", "stacks", PROJECT_NAME, `${STACK}.json`));
}

/** True if any stack is selected for this project: the user's choice stays. */
function selected({ home }: StackPlace): boolean {
  const folder = join(home, "workspaces");
  return existsSync(folder) && readdirSync(folder).some((file) => file.startsWith(`${PROJECT_NAME}-`));
}

async function pulumi({ command, env }: StackPlace, cwd: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(command, [...args, "--non-interactive"], { cwd, env });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const reason = stderr?.trim().replace(/^error: /, "") || message;
    throw new UserError(
      ExitCode.failed,
      `cannot create the sandbox's stack "${STACK}": ${reason}`,
      `The sandbox's stacks are kept in ${env["PULUMI_BACKEND_URL"]}.`,
    );
  }
}
