/** Assembles a driver for one environment: its graph, the real engine, the accounts, and the records of the last run. */
import { join } from "node:path";
import { stages, type Stage } from "../../components/stages";
import { engineCommand } from "../engine";
import { AccountSessions, checkAccounts } from "../environment/accountSessions";
import { alone } from "../environment/lock";
import { loadEnvironment, type Environment } from "../environment/project";
import type { DriverOptions } from "../model/driverOptions";
import type { DeployOptions } from "../model/runOptions";
import { Driver } from "../run/driver";
import type { PlanBasis } from "../run/planFile";
import { RemovedStages, removedStages } from "../run/removed";
import { roomForState } from "../stacks/diskSpace";
import { EngineStacks } from "../stacks/engineStacks";
import { recordsFolder } from "../stacks/recordsFolder";
import { stackNames } from "../stacks/stackNames";
import { evolutionIn, recoveryIn, recoveryOfRemoved, staleIdentitiesIn } from "./accountPorts";
import { checkExisting, proveFirst } from "./checks";
import { memoryOf, planBasis } from "./memory";

export interface DriverParts {
  readonly driver: Driver;
  /** The basis of a plan of the stage. */
  readonly basisOf: (stage: string) => Promise<PlanBasis>;
  readonly environment: Environment;
  readonly sessions: AccountSessions;
  /** The stages of the settings, each after its needs. */
  readonly graph: readonly Stage[];
  readonly stacks: EngineStacks;
  /** The removed stages: those named; without names all, or none if a part of the graph is chosen. */
  readonly removed: (named?: readonly string[]) => Promise<RemovedStages>;
  /** Runs `work`, which changes the environment, under the environment's lock. @throws UserError (locked, disk) */
  readonly alone: <T>(action: string, work: () => Promise<T>) => Promise<T>;
  /** Proves the access of the settings before anything is changed. @throws UserError (proof) */
  readonly proveFirst: () => Promise<void>;
  /** Checks the existing keys, roles and buckets in AWS. @throws UserError (key, existing) */
  readonly checkExisting: () => Promise<void>;
  /** Stacks with the same names for other settings. */
  readonly stacksOf: (environment: Environment) => EngineStacks;
}

/**
 * Reads the environment and enters its accounts; finds the engine when a stage needs it.
 * @throws SettingsError; UserError (settings, credentials)
 */
export async function driverFor(options: DeployOptions, { enterAccounts = true } = {}): Promise<DriverParts> {
  const environment = loadEnvironment(options.env, options.directory);
  const { name: env, settings } = environment;
  const sessions = new AccountSessions(settings);
  if (enterAccounts) await checkAccounts(settings, sessions);
  const { onEngine: progress, onProgress, signal } = options;
  const command = engineCommand({ progress, signal });
  const notice = (message: string) => onProgress?.({ kind: "notice", message });
  const stacksOf = (of: Environment) => new EngineStacks({ environment: of, command, notice });
  const stacks = stacksOf(environment);
  const graph = stages(settings);
  const recovery = recoveryIn(sessions);
  const walking = walkingOf(options);
  const checked = { environment, graph, stacks, sessions, notice };
  return {
    ...{ environment, sessions, graph, stacks, stacksOf },
    driver: new Driver({
      ...{ ...walking, stages: graph, stacks, recovery, env },
      memory: memoryOf(environment),
      evolution: evolutionIn(sessions, env, options),
      staleIdentities: staleIdentitiesIn(sessions),
    }),
    basisOf: (stage) => planBasis(environment, graph, stacks, stage),
    async removed(named) {
      const isPart = [options.only, options.from, options.consumers].some((names) => names?.length);
      const all = isPart && !named ? [] : removedStages(environment, await stackNames(environment, command));
      const removed = named ? all.filter(({ name }) => named.includes(name)) : all;
      const { selection: _, ...rest } = walking;
      return new RemovedStages({
        ...rest,
        stacks,
        recovery: recoveryOfRemoved(recovery, environment),
        removed,
      });
    },
    async alone(action, work) {
      await roomForState(environment.project);
      return alone(join(recordsFolder(environment), `${env}.lock`), action, work, { notice, signal });
    },
    proveFirst: () => proveFirst(checked, options),
    checkExisting: () => checkExisting(checked, options),
  };
}

function walkingOf(options: DeployOptions): Omit<DriverOptions, "stages" | "stacks" | "recovery"> {
  const { only, from, consumers, ...rest } = options;
  const { parallel, keepGoing, refresh, allowReplace, onProgress, signal, cancel } = rest;
  return {
    selection: { only, from, consumers },
    ...{ parallel, keepGoing, refresh, allowReplace, onProgress, signal, cancel },
  };
}
