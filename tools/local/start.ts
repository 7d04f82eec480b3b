/** `npm start`: finds the engine, starts the sandbox, deploys and verifies the environment `dev`, and prints what then exists. */
import { deploy, verify, type GraphReport } from "../../automation";
import { findEngine } from "../../automation/engine";
import { loadEnvironment } from "../../automation/environment/project";
import { ExitCode } from "../../automation/model/errors";
import { checkTable } from "../../automation/report/checks";
import { progressLine, summaryLines } from "../../automation/report/terminal";
import { commandLine, runCommand, tell } from "./command";
import { over, prepare, sandboxEnvironment } from "./environment";
import { DEFAULT_STATE } from "./runningSandbox";
import { sandboxOn } from "./sandboxProcess";
import { whatExists } from "./whatExists";

const ENVIRONMENT = "dev";

async function main(): Promise<number> {
  const { state, timings } = commandLine("start")
    .option("--state <directory>", "the sandbox's state", DEFAULT_STATE)
    .option("--timings", "print the seconds of each part, as JSON, at the end")
    .parse()
    .opts<{ state: string; timings?: boolean }>();
  const parts = new Parts();
  parts.begin("Engine");
  const engine = await findEngine({ languageHost: true, progress: tell });
  tell(`Pulumi ${engine.version}: ${engine.reason}`);

  parts.begin("Sandbox");
  const sandbox = await sandboxOn(state);
  tell(
    `${sandbox.started ? "started" : "already running"} at ${sandbox.endpoint}, state in ${sandbox.state}`,
  );
  try {
    const environment = sandboxEnvironment(sandbox.state, sandbox, engine);
    await prepare(sandbox.state, engine, environment);
    replaceEnvironment(over(process.env, environment));

    parts.begin("Deployment");
    const onProgress = (event: Parameters<typeof progressLine>[0]) => {
      const line = progressLine(event);
      if (line !== undefined) tell(line);
    };
    const report = await deploy({ env: ENVIRONMENT, onProgress });
    tell(summaryLines(report).join("\n"));
    if (!report.ok) return ExitCode.failed;

    parts.begin("Verification");
    const checks = await verify({ env: ENVIRONMENT, wait: 60 });
    console.log(checkTable(checks));

    parts.begin("What now exists");
    console.log(whatExists(loadEnvironment(ENVIRONMENT).settings, plainOutputs(report), sandbox.state));
    if (timings) console.log(`timings ${JSON.stringify(parts.end())}`);
    return checks.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.verification;
  } finally {
    await sandbox.end();
  }
}

/** The deployment's outputs by stage, as plain values. */
function plainOutputs({ stages }: GraphReport): Record<string, unknown> {
  return Object.fromEntries(
    stages.map(({ stage, outputs }) => [
      stage,
      Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    ]),
  );
}

/** Prints a heading when a part of the command begins, and measures how long each part takes. */
class Parts {
  private readonly seconds: Record<string, number> = {};
  private current?: { name: string; begun: number };

  begin(name: string): void {
    this.end();
    tell(`\n${name}`);
    this.current = { name, begun: performance.now() };
  }

  end(): Record<string, number> {
    if (this.current) this.seconds[this.current.name] = (performance.now() - this.current.begun) / 1000;
    return this.seconds;
  }
}

/** The driver knows no sandbox: it runs in this process's environment. */
function replaceEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

runCommand(main);
