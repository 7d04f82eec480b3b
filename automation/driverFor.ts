/** Puts a driver together for one environment: its graph, the real engine, the accounts, and what is known of the last run. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { stages } from "../components/stages";
import { AccountSessions, checkAccounts } from "./accountSessions";
import { Driver } from "./driver";
import type { DriverOptions } from "./driverOptions";
import { findEngine } from "./engine";
import { thisMachine } from "./engine/machine";
import { cacheDirectory } from "./engine/versions";
import { EngineStacks } from "./engineStacks";
import { programHash } from "./programHash";
import { loadEnvironment, stackName, type Environment } from "./project";
import type { DeployOptions } from "./runOptions";
import { FileMemory } from "./stageMemory";
import { viewOf } from "./stageView";
import { backendUrl, stateFolder } from "./stateFiles";

/** Of the sources as this process has loaded them: what is edited later is another program, and another process's. */
const LOADED_PROGRAM = programHash().catch(() => undefined);

export interface DriverParts {
  readonly driver: Driver;
  readonly environment: Environment;
  /** Stacks of the same names for other settings. */
  readonly stacksOf: (environment: Environment) => EngineStacks;
}

/**
 * Reads the environment and enters its accounts; the engine is looked for when a stage needs it.
 * @throws SettingsError; UserError (settings, credentials)
 */
export async function driverFor(options: DeployOptions, { enterAccounts = true } = {}): Promise<DriverParts> {
  const environment = loadEnvironment(options.env, options.directory);
  const sessions = new AccountSessions(environment.settings);
  if (enterAccounts) await checkAccounts(environment.settings, sessions);
  const command = once(async () => {
    const engine = await findEngine({ progress: options.onEngine, signal: options.signal });
    return engine.pulumiCommand();
  });
  const notice = (message: string) => options.onProgress?.({ kind: "notice", message });
  const stacksOf = (of: Environment) => new EngineStacks({ environment: of, command, notice });
  const driver = new Driver({
    ...walkingOf(options),
    stages: stages(environment.settings),
    stacks: stacksOf(environment),
    memory: memoryOf(environment),
    async recovery(stage, deployed) {
      const { findPending } = await import("./recover.js");
      return findPending(deployed, sessions.account(stage.account));
    },
    async staleIdentities(stage, deployed) {
      const { recreatedRole } = await import("./recreatedRoles.js");
      return recreatedRole(deployed, sessions.account(stage.account));
    },
  });
  return { driver, environment, stacksOf };
}

function walkingOf(options: DeployOptions): Omit<DriverOptions, "stages" | "stacks" | "recovery"> {
  const { only, from, consumers, parallel, keepGoing, refresh, allowReplace, onProgress, signal, cancel } =
    options;
  return {
    selection: { only, from, consumers },
    parallel,
    keepGoing,
    refresh,
    allowReplace,
    onProgress,
    signal,
    cancel,
  };
}

/** Beside the state if that is in a folder; otherwise in the user's cache, where it can be lost and is missed by nobody. */
function memoryOf(environment: Environment): FileMemory {
  const { name, project, settings, stackSettings } = environment;
  return new FileMemory({
    folder: recordsFolder(environment),
    nameOf: (stage) => stackName(name, stage.name),
    program: () => LOADED_PROGRAM,
    settingsOf: (stage) => [project.name, stackSettings, viewOf(settings, stage).settings],
  });
}

/** Absolute path of the folder for what the driver notes of an environment's stages. */
export function recordsFolder({ project }: Environment): string {
  const url = backendUrl(project);
  const folder = stateFolder(url);
  if (folder !== undefined) return join(folder, ".feature-store-access", project.name);
  const backend = createHash("sha256")
    .update(url ?? "")
    .digest("hex")
    .slice(0, 16);
  return join(cacheDirectory(thisMachine()), "stages", backend, project.name);
}

/** The work done at the first call, and its result for all calls. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
