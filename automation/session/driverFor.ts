/** Puts a driver together for one environment: its graph, the real engine, the accounts, and what is known of the last run. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { stages, type Stage } from "../../components/stages";
import { AccountSessions, checkAccounts } from "../environment/accountSessions";
import { RemovedStages, removedStages } from "../run/removed";
import { Driver } from "../run/driver";
import type { DriverOptions, Recovery } from "../model/driverOptions";
import { roomForState } from "../stacks/diskSpace";
import { alone } from "../environment/lock";
import { groupResource } from "../evolution/stages";
import { findEngine } from "../engine";
import { thisMachine } from "../engine/machine";
import { cacheDirectory } from "../engine/versions";
import { EngineStacks } from "../stacks/engineStacks";
import { ExitCode, UserError } from "../model/errors";
import type { PlanBasis } from "../run/planFile";
import { programHash, hashOf } from "../environment/hashes";
import { loadEnvironment, stackName, type Environment } from "../environment/project";
import type { DeployOptions } from "../model/runOptions";
import { selected } from "../graph/selection";
import { stackNames } from "../stacks/stackNames";
import { FileMemory } from "../run/stageMemory";
import { viewOf } from "../environment/stageView";
import { backendUrl, stateFolder } from "../stacks/stateFiles";

/** Of the sources as this process has loaded them: what is edited later is another program, and another process's. */
const LOADED_PROGRAM = programHash().catch(() => undefined);

export interface DriverParts {
  readonly driver: Driver;
  /** What a plan of the stage would be made from. */
  readonly basisOf: (stage: string) => Promise<PlanBasis>;
  readonly environment: Environment;
  readonly sessions: AccountSessions;
  /** The stages of the settings, each after what it needs. */
  readonly graph: readonly Stage[];
  readonly stacks: EngineStacks;
  /** The stages that the settings name no more: the named ones; or else all, and none where a part of the graph was chosen. */
  readonly departing: (named?: readonly string[]) => Promise<RemovedStages>;
  /** Does what changes the environment while no other driver does. */
  readonly alone: <T>(action: string, work: () => Promise<T>) => Promise<T>;
  /** Proves what the settings grant, before anything is touched. @throws UserError (proof) */
  readonly proven: () => Promise<void>;
  /** Asks AWS about the keys, roles and buckets that the settings name. @throws UserError (key, brought) */
  readonly givenWillDo: () => Promise<void>;
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
  const stacks = stacksOf(environment);
  const recovery: Recovery = async (stage, deployed) => {
    const { findPending } = await import("../run/pending.js");
    return findPending(deployed, sessions.account(stage.account));
  };
  const graph = stages(environment.settings);
  const driver = new Driver({
    ...walkingOf(options),
    stages: graph,
    stacks,
    memory: memoryOf(environment),
    recovery,
    env: environment.name,
    async evolution(stage, deployed, changes) {
      const { changeInPlace } = await import("../evolution/apply.js");
      const config = sessions.account(stage.account);
      const told = (message: string) => options.onProgress?.({ kind: "notice", stage: stage.name, message });
      const names = new Set(changes.map(({ group }) => group));
      const groups = (stage.featureGroups ?? []).filter(({ name }) => names.has(name));
      for (const group of groups)
        await changeInPlace(group, { config, env: environment.name, notice: told, signal: options.signal });
      return groups.flatMap(({ name }) => groupResource(deployed, name)?.urn ?? []);
    },
    async staleIdentities(stage, deployed) {
      const { recreatedRole } = await import("../run/recreatedRoles.js");
      return recreatedRole(deployed, sessions.account(stage.account));
    },
  });
  const departing = async (named?: readonly string[]) => {
    const { selection, ...walking } = walkingOf(options);
    const isPart = Object.values(selection ?? {}).some(
      (names: readonly string[] | undefined) => names?.length,
    );
    const gone = isPart && !named ? [] : removedStages(environment, await stackNames(environment, command));
    const departed = named ? gone.filter(({ name }) => named.includes(name)) : gone;
    return new RemovedStages({
      ...walking,
      stacks,
      recovery: recoveryOfDeparted(recovery, environment),
      removed: departed,
    });
  };
  const basisOf = async (name: string): Promise<PlanBasis> => {
    const stage = graph.find((each) => each.name === name);
    if (!stage) {
      const state = await stacks.state({ name });
      return { program: await LOADED_PROGRAM, settings: "", state: state && (state.version ?? "") };
    }
    const deployed = await stacks.deployed(stage);
    return {
      program: await LOADED_PROGRAM,
      settings: hashOf(settingsOf(environment, stage)),
      state: deployed && (deployed.version ?? ""),
    };
  };
  const lock = join(recordsFolder(environment), `${environment.name}.lock`);
  return {
    driver,
    basisOf,
    departing,
    async alone(action, work) {
      await roomForState(environment.project);
      return alone(lock, action, work, { notice, signal: options.signal });
    },
    environment,
    sessions,
    graph,
    stacks,
    async proven() {
      const { proveFirst } = await import("../proof/gate.js");
      const note = join(recordsFolder(environment), `${environment.name}.proof`);
      const { noProof = false, signal } = options;
      await proveFirst({ environment, note, noProof, notice, signal });
    },
    async givenWillDo() {
      const { checkBrought } = await import("../preflight/existing/check.js");
      const { checkGivenKeys } = await import("../preflight/keys/check.js");
      const account = (name: string) => sessions.account(name);
      const { selection } = walkingOf(options);
      const chosen = new Set(selected(graph, selection).flatMap(({ consumer }) => consumer ?? []));
      await checkBrought(environment.settings, chosen, account);
      await checkGivenKeys(environment.settings, { account, roles: () => rolesOf(graph, stacks), notice });
    },
    stacksOf,
  };
}

/** ARNs of the roles that deployed stages gave, by stage. */
async function rolesOf(graph: readonly Stage[], stacks: EngineStacks): Promise<Record<string, string>> {
  const making = graph.filter(({ name }) => /^(writer|centralStore|crossAccountRole:.*)$/.test(name));
  const found: Record<string, string> = {};
  for (const stage of making) {
    const arn = (await stacks.deployed(stage))?.outputs["roleArn"]?.value;
    if (typeof arn === "string") found[stage.name] = arn;
  }
  return found;
}

/** Where a departed stage's account left with it, nobody can be asked what a killed run made there. */
function recoveryOfDeparted(recovery: Recovery, { settings, name }: Environment): Recovery {
  return (stage, deployed) => {
    if (settings.accounts[stage.account]) return recovery(stage, deployed);
    throw new UserError(
      ExitCode.failed,
      `stage ${stage.name} left the settings in the middle of a run that was cut off: what that made is in an account that is not in the settings`,
      `Put it back into Pulumi.${name}.yaml, run \`npm run up\`, and then take it out.`,
    );
  };
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
  const { name } = environment;
  return new FileMemory({
    folder: recordsFolder(environment),
    nameOf: (stage) => stackName(name, stage.name),
    program: () => LOADED_PROGRAM,
    settingsOf: (stage) => settingsOf(environment, stage),
  });
}

/** All of the environment that can make another program of the stage. */
function settingsOf({ project, settings, stackSettings }: Environment, stage: Stage): unknown {
  return [project.name, stackSettings, viewOf(settings, stage).settings];
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
