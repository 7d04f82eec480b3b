/** `npm run -s sandbox:env`: prints the exports that point Pulumi, AWS SDKs and the AWS CLI at the running sandbox. */
import { delimiter, dirname, join, resolve } from "node:path";
import { findEngine } from "../../automation/engine";
import { UserError } from "../../automation/model/errors";
import { commandLine, runCommand, tell } from "./command";
import { prepare, sandboxEnvironment } from "./environment";
import { DEFAULT_STATE, NO_SANDBOX, runningSandbox } from "./runningSandbox";

async function main(): Promise<number> {
  const { state, json } = commandLine("sandbox:env")
    .option("--state <directory>", "the sandbox's state", DEFAULT_STATE)
    .option("--json", "print a JSON object in place of shell commands; null unsets a variable")
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
  const outer = { ...process.env, PATH: withoutScripts(process.env["PATH"] ?? "") };
  const environment = sandboxEnvironment(sandbox.state, sandbox, engine, outer);
  await prepare(sandbox.state, engine, environment);
  console.log(
    json ? JSON.stringify(environment, (_, value: unknown) => value ?? null, 2) : shellLines(environment),
  );
  return 0;
}

/** PATH without the folders that `npm run` put first, which do not belong in the shell that evaluates these exports. */
export function withoutScripts(path: string, project: string = join(__dirname, "..", "..")): string {
  const own = new Set<string>();
  for (let folder = project; ; folder = dirname(folder)) {
    own.add(join(folder, "node_modules", ".bin"));
    if (folder === dirname(folder)) break;
  }
  const folders = path.split(delimiter);
  const first = folders.findIndex((folder) => !own.has(folder) && !folder.endsWith("node-gyp-bin"));
  return first < 0 ? path : folders.slice(first).join(delimiter);
}

/** Commands for a POSIX shell: `eval "$(npm run -s sandbox:env)"`. */
export function shellLines(environment: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(environment)
    .map(([name, value]) => (value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`))
    .join("\n");
}

function quoted(value: string): string {
  return `'${value.replace(/'/g, `'\\''`)}'`;
}

if (require.main === module) runCommand(main);
