/** The command line of the driver: `npm run preview|up|destroy|verify|outputs -- --env ENV`. */
import { Command, CommanderError } from "commander";
import { credentialsCommand } from "./credentialsCommand";
import { deploy, destroy, outputs, preview, type RunOptions } from "./deployments";
import type { GraphReport } from "./driver";
import { ExitCode, hasExitCode } from "./errors";
import { checksJson, checkTable } from "./report/checks";
import { graphJson } from "./report/json";
import { progressLine, summaryLines } from "./report/terminal";
import { verify } from "./verify";

interface Flags {
  env: string;
  json?: boolean;
  quiet?: boolean;
}

const say = (line: string) => process.stderr.write(`${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);

export async function main(argv: readonly string[]): Promise<number> {
  // Node.js 20 is supported here for as long as the SDK runs on it: its notice is for us, not for users.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  let exitCode: number = ExitCode.ok;
  const stop = new AbortController();
  const onSigint = () => {
    if (stop.signal.aborted) process.exit(ExitCode.interrupted);
    say("stopping: the engine ends the step that it is at (once more stops at once)");
    stop.abort();
  };
  process.on("SIGINT", onSigint);

  const graph = (run: (options: RunOptions) => Promise<GraphReport>) => async (flags: Flags) => {
    const report = await run(runOptions(flags, stop.signal));
    print(flags.json ? JSON.stringify(graphJson(report), null, 2) : summaryLines(report).join("\n"));
    exitCode = report.ok ? ExitCode.ok : exitCodeOf(report, stop.signal);
  };

  const program = new Command("feature-store-access").exitOverride().showHelpAfterError();
  command(program, "preview", "what `up` would do in every stage; changes nothing").action(graph(preview));
  command(program, "up", "bring every stage up, in order").action(graph(deploy));
  command(program, "destroy", "destroy every stage, in reverse")
    .option(
      "--delete-data",
      "also what the settings protect: feature groups, buckets and keys, with all they hold",
    )
    .action((flags: Flags & { deleteData?: boolean }) =>
      graph((options) => destroy({ ...options, deleteData: flags.deleteData }))(flags),
    );
  command(program, "outputs", "what the deployed stages gave, as JSON").action(async (flags: Flags) => {
    print(JSON.stringify(await outputs(runOptions(flags, stop.signal)), null, 2));
  });
  credentialsCommand<Flags>(
    command(program, "credentials", "what a consumer's workloads need: profiles and variables, no secrets"),
    (flags) => runOptions(flags, stop.signal),
    print,
  );
  command(program, "verify", "try the deployed access for real, as each side and as strangers")
    .option("--wait <seconds>", "how long a record may take to reach the offline store", positive, 900)
    .action(async (flags: Flags & { wait: number }) => {
      const options = runOptions(flags, stop.signal);
      const checks = await verify({ ...options, wait: flags.wait });
      print(flags.json ? JSON.stringify(checksJson(checks), null, 2) : checkTable(checks));
      exitCode = checks.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.verification;
    });

  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return failure(error);
  } finally {
    process.off("SIGINT", onSigint);
  }
}

function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--env <name>", "the environment: NAME of Pulumi.NAME.yaml", "dev")
    .option("--json", "print the result as JSON")
    .option("--quiet", "no progress");
}

function runOptions(flags: Flags, signal: AbortSignal): RunOptions {
  const progress = flags.quiet ? () => undefined : say;
  return {
    env: flags.env,
    signal,
    onEngine: progress,
    onProgress: (event) => {
      const line = progressLine(event);
      if (line !== undefined) progress(line);
    },
  };
}

function positive(value: string): number {
  const seconds = Number(value);
  if (!(seconds > 0))
    throw new CommanderError(
      ExitCode.usage,
      "commander.invalidArgument",
      `--wait takes seconds, not "${value}"`,
    );
  return seconds;
}

function exitCodeOf(report: GraphReport, signal: AbortSignal): number {
  if (signal.aborted) return ExitCode.interrupted;
  const error = report.stages.find((stage) => stage.error)?.error;
  return hasExitCode(error) ? error.exitCode : ExitCode.failed;
}

/** Says what went wrong and returns the exit code: users' errors in their own words, faults of ours with their stack. */
function failure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (hasExitCode(error)) {
    say(error.message);
    if (error.advice) say(error.advice);
    return error.exitCode;
  }
  say(
    `This is a fault of the program itself; please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return ExitCode.failed;
}

if (require.main === module) void main(process.argv).then((code) => process.exit(code));
