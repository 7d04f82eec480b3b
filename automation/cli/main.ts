/** The command line of the driver: `npm run preview|up|drift|destroy|verify|outputs|credentials -- --env ENV`. */
import "./lightPulumi";
import { writeFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addGraphOptions, optionsOf, positive, type Flags } from "./commandOptions";
import { credentialsCommand } from "./credentials";
import { lossLine } from "../run/dataLoss";
import { DISK_FULL } from "../stacks/diskSpace";
import { Unconfirmed } from "../actions/deletion/confirm";
import { evolveCommand } from "./evolve";
import { ExitCode, hasExitCode } from "../model/errors";
import { driftCode, exitCodeOf } from "../report/exitCodes";
import { grantsCommand } from "./grants";
import { Interrupts } from "./interrupts";
import { checksJson, checkTable } from "../report/checks";
import { driftJson, driftLines } from "../report/drift";
import { graphJson } from "../report/json";
import { graphMarkdown } from "../report/markdown";
import { proveCommand, reportCommand } from "./prove";
import { deletionOf, leftoversCommand, unconfirmedJson, type DeletionFlags } from "./leftovers";
import { LiveProgress } from "../report/live";
import { summaryLines } from "../report/terminal";
import { commentCommand, graphCommand, policyConfigCommand } from "./reportCommands";
import type { GraphReport } from "../model/reports";
import type { DeployOptions } from "../model/runOptions";

/** The driver and AWS's clients, for the commands that need them: the others start in half the time without. */
const driver = () => import("../actions/deployments.js");

const print = (line: string) => process.stdout.write(`${line}\n`);

export async function main(argv: readonly string[]): Promise<number> {
  // Node.js 20 is supported here for as long as the SDK runs on it: its notice is for us, not for users.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  let exitCode: number = ExitCode.ok;
  const live = argv.includes("--quiet") ? undefined : await LiveProgress.on(process.stderr);
  const say = live?.line ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const interrupts = new Interrupts(say);
  const { signal } = interrupts;
  const options = (flags: Flags) => ({
    ...optionsOf(flags, say, live?.onProgress),
    signal,
    cancel: interrupts.cancel,
  });

  const graph = (run: (options: DeployOptions) => Promise<GraphReport>) => async (flags: Flags) => {
    const report = await run(options(flags));
    live?.end();
    print(flags.json ? JSON.stringify(graphJson(report), null, 2) : summaryLines(report).join("\n"));
    for (const danger of report.stages.flatMap(({ dangers = [] }) => dangers))
      if (!danger.allowed) say(`DANGER ${lossLine(danger)} (allowed with --allow-replace ${danger.name})`);
    exitCode = exitCodeOf(report, signal);
  };

  const program = new Command("feature-store-access").exitOverride().showHelpAfterError();
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option("--env <name>", "the environment: NAME of Pulumi.NAME.yaml", "dev")
      .option("--json", "print the result as JSON")
      .option("--quiet", "no progress");
  addGraphOptions(command("preview", "what `up` would do in every stage; changes nothing"), "preview").action(
    (flags: Flags) =>
      graph(async (given) => {
        const report = await (await driver()).preview({ ...given, savePlan: flags.plan });
        if (flags.markdown) writeFileSync(flags.markdown, graphMarkdown(report, { env: flags.env }));
        return report;
      })(flags),
  );
  addGraphOptions(command("up", "bring every stage up, each after what it needs"), "up").action(
    (flags: Flags) => graph(async (given) => (await driver()).deploy({ ...given, plan: flags.plan }))(flags),
  );
  addGraphOptions(
    command("drift", "what AWS has that is not what was deployed; changes nothing"),
    "drift",
  ).action(async (flags: Flags) => {
    const report = await (await driver()).drift(options(flags));
    print(flags.json ? JSON.stringify(driftJson(report), null, 2) : driftLines(report).join("\n"));
    exitCode = driftCode(report, signal);
  });
  addGraphOptions(command("destroy", "destroy every stage, in reverse"), "destroy").action(
    async (flags: Flags & DeletionFlags) => {
      try {
        const deletion = deletionOf(flags, () => live?.end(), signal);
        await graph(async (given) => (await driver()).destroy({ ...given, ...deletion }))(flags);
      } catch (error) {
        if (!flags.json || !(error instanceof Unconfirmed)) throw error;
        print(unconfirmedJson("destroy", error));
        exitCode = error.exitCode;
      }
    },
  );
  leftoversCommand(
    command("leftovers", "what deleted feature groups and consumers left behind in the accounts"),
    options,
    print,
    () => live?.end(),
    signal,
    (code) => (exitCode = code),
  );
  command("outputs", "what the deployed stages gave, as JSON").action(async (flags: Flags) => {
    print(JSON.stringify(await (await driver()).outputs(options(flags)), null, 2));
  });
  const plain = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option("--env <name>", "the environment: NAME of Pulumi.NAME.yaml", "dev");
  graphCommand(plain("graph", "the stages as a drawing in text; needs no engine and no credentials"), print);
  policyConfigCommand(
    plain(
      "policy-config",
      "the policy pack's configuration for the environment, for `pulumi preview` and `up`",
    ),
    print,
  );
  commentCommand(
    plain("comment", "post a preview on its pull request, or update what was posted"),
    print,
    signal,
  );
  evolveCommand(
    plain("evolve", "a feature group's schema: features added in place, or a new version beside it"),
    print,
    signal,
  );
  proveCommand(
    plain("prove", "who can do what, proven from the policies; needs no engine and no credentials").option(
      "--json",
      "print the result as JSON",
    ),
    print,
    signal,
    (code) => (exitCode = code),
  );
  reportCommand(
    plain("report", "the proof of access as one page for a browser, which loads nothing"),
    print,
    signal,
    (code) => (exitCode = code),
  );
  credentialsCommand(
    command("credentials", "settings for a consumer's workloads: profile and environment; nothing secret"),
    options,
    print,
  );
  grantsCommand(
    command("grants", "Feature Store's grants on the stores' keys, by feature group; orphans are named"),
    options,
    print,
    (code) => (exitCode = code),
  );
  command("verify", "try the deployed access for real, as each side and as strangers")
    .option(
      "--wait <seconds>",
      "how long a record may take to reach the offline store",
      positive("--wait"),
      900,
    )
    .action(async (flags: Flags & { wait: number }) => {
      const { verify } = await import("../actions/verify/index.js");
      const checks = await verify({ ...options(flags), wait: flags.wait });
      print(flags.json ? JSON.stringify(checksJson(checks), null, 2) : checkTable(checks));
      exitCode = checks.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.verification;
    });

  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (signal.aborted && error instanceof Error && error.name === "AbortError") return ExitCode.interrupted;
    return failure(error, say);
  } finally {
    live?.end();
    interrupts.end();
  }
}

/** Says what went wrong and returns the exit code: users' errors in their own words, faults of ours with their stack. */
function failure(error: unknown, say: (line: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (hasExitCode(error)) {
    say(error.message);
    if (error.advice) say(error.advice);
    return error.exitCode;
  }
  if (error instanceof Error && DISK_FULL.test(error.message)) {
    say(`${error.message}\nThe disk is full. Free some space and run it again: it goes on where it stopped.`);
    return ExitCode.disk;
  }
  say(
    `This is a fault of the program itself; please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return ExitCode.failed;
}

if (require.main === module) void main(process.argv).then((code) => process.exit(code));
