/** `npm run -s sandbox:env`: prints the exports that point Pulumi, AWS SDKs and the AWS CLI at the running sandbox. */
import { resolve } from "node:path";
import { Command } from "commander";
import { findEngine } from "../../automation/engine";
import { UserError } from "../../automation/errors";
import { runCommand, tell } from "./command";
import { prepare, sandboxEnvironment } from "./environment";
import { DEFAULT_STATE, NO_SANDBOX, runningSandbox } from "./sandboxProcess";

async function main(): Promise<number> {
  const { state, json } = new Command("sandbox:env")
    .option("--state <directory>", "the sandbox's state", DEFAULT_STATE)
    .option("--json", "a JSON object in place of shell commands; null takes a variable away")
    .parse()
    .opts<{ state: string; json?: boolean }>();
  const sandbox = await runningSandbox(state);
  if (!sandbox)
    throw new UserError(
      NO_SANDBOX,
      `no sandbox runs on the state ${resolve(state)}`,
      "Start one in another terminal: npm run sandbox (or use npm run -s sandbox:exec -- COMMAND, which starts its own).",
    );
  const engine = await findEngine({ languageHost: true, progress: tell });
  const environment = sandboxEnvironment(sandbox.state, sandbox, engine);
  await prepare(sandbox.state, engine, environment);
  console.log(
    json ? JSON.stringify(environment, (_, value: unknown) => value ?? null, 2) : shellLines(environment),
  );
  return 0;
}

/** Lines for a POSIX shell: `eval "$(npm run -s sandbox:env)"`. */
export function shellLines(environment: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(environment)
    .map(([name, value]) => (value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`))
    .join("\n");
}

function quoted(value: string): string {
  return `'${value.replace(/'/g, `'\\''`)}'`;
}

if (require.main === module) runCommand(main);
