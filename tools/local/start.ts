/** `npm start`: engine, sandbox, deployment and verification of the environment `dev`, and what then exists. */
import { deploy, outputs, verify } from "../../automation";
import { findEngine } from "../../automation/engine";
import { ExitCode } from "../../automation/errors";
import { checkTable } from "../../automation/report/checks";
import { progressLine, summaryLines } from "../../automation/report/terminal";
import { commandLine, runCommand, tell } from "./command";
import { over, prepare, sandboxEnvironment } from "./environment";
import { DEFAULT_STATE } from "./runningSandbox";
import { sandboxOn } from "./sandboxProcess";
import { whatExists } from "./whatExists";

const ENVIRONMENT = "dev";

async function main(): Promise<number> {
  const { state } = commandLine("start")
    .option("--state <directory>", "the sandbox's state", DEFAULT_STATE)
    .parse()
    .opts<{ state: string }>();
  heading("Engine");
  const engine = await findEngine({ languageHost: true, progress: tell });
  tell(`Pulumi ${engine.version}: ${engine.reason}`);

  heading("Sandbox");
  const sandbox = await sandboxOn(state);
  tell(
    `${sandbox.started ? "started" : "running already"} at ${sandbox.endpoint}, state in ${sandbox.state}`,
  );
  try {
    const environment = sandboxEnvironment(sandbox.state, sandbox, engine);
    await prepare(sandbox.state, engine, environment);
    replaceEnvironment(over(process.env, environment));

    heading("Deployment");
    const onProgress = (event: Parameters<typeof progressLine>[0]) => {
      const line = progressLine(event);
      if (line !== undefined) tell(line);
    };
    const report = await deploy({ env: ENVIRONMENT, onProgress });
    tell(summaryLines(report).join("\n"));
    if (!report.ok) return ExitCode.failed;

    heading("Verification");
    const checks = await verify({ env: ENVIRONMENT, wait: 60 });
    console.log(checkTable(checks));

    heading("What now exists");
    console.log(whatExists(await outputs({ env: ENVIRONMENT }), sandbox.state));
    return checks.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.verification;
  } finally {
    await sandbox.end();
  }
}

/** The driver knows no sandbox: from here on this process's environment is one. */
function replaceEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

function heading(text: string): void {
  tell(`\n${text}`);
}

runCommand(main);
