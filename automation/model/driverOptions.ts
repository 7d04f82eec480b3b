/** Options of the driver: the graph, its stacks, and the order and limits of the run. */
import type { Stage } from "../../components/stages";
import type { DriverProgress } from "./reports";
import type { Selection } from "./runOptions";
import type { SchemaChange } from "./schemaChange";
import type { DeployedStack, StackPort } from "./stackPort";
import type { StageWires } from "./wires";

/** Finds resources in the stage's account that a killed run created and did not record. */
export type Recovery = (
  stage: Stage,
  deployed: DeployedStack,
) => Promise<readonly { urn: string; id: string; unseen?: true }[]>;

/**
 * The reason why a stage's recorded state may differ from its account, such as a policy that names a recreated role; undefined if
 * there is none. Reads only.
 */
export type StaleIdentities = (stage: Stage, deployed: DeployedStack) => Promise<string | undefined>;

/** Makes the feature group changes that AWS can make in place; returns the URNs of the changed groups. */
export type Evolution = (
  stage: Stage,
  deployed: DeployedStack,
  changes: readonly SchemaChange[],
) => Promise<readonly string[]>;

/** Everything that a stage's run depends on, each part as a hash (SHA-256, hex). */
export interface Basis {
  /** The program's source files, and the lock files of its libraries. */
  readonly program: string;
  /** The settings that the program gets. */
  readonly settings: string;
  /** The outputs of the needed stages. */
  readonly inputs: string;
  /** The stack's state after the run. */
  readonly state: string;
}

/** Remembers the basis of each stage's last successful run. */
export interface StageMemory {
  /** The basis for a run of the stage now; undefined if a part of it is unknown. */
  basis(stage: Stage, inputs: StageWires, deployed: DeployedStack | undefined): Promise<Basis | undefined>;
  /** The basis of the stage's last successful run; undefined if unknown. */
  last(stage: Stage): Promise<Basis | undefined>;
  remember(stage: Stage, basis: Basis): Promise<void>;
  /** Called before a run, which may fail: the last run's record no longer describes the stage. */
  forget(stage: Stage): Promise<void>;
}

export interface DriverOptions {
  /** Without it, the driver does not change feature groups itself; only the engine does. */
  readonly evolution?: Evolution;
  /** Name of the environment, for the advice in errors. */
  readonly env?: string;
  readonly stages: readonly Stage[];
  readonly stacks: StackPort;
  readonly recovery: Recovery;
  /** Called before each preview and update of a deployed stage: if it returns a reason, the stage is refreshed first. */
  readonly staleIdentities?: StaleIdentities;
  /** Without it, every stage is run. */
  readonly memory?: StageMemory;
  /** The part of the graph to work on; all of it by default. */
  readonly selection?: Selection;
  /** Number of stages to work on at once; 2 by default. */
  readonly parallel?: number;
  /** True: stages that do not depend on a failed one still run. By default no stage starts after a failure. */
  readonly keepGoing?: boolean;
  /** True: every stage is refreshed first. */
  readonly refresh?: boolean;
  /** Resources that hold data and may be replaced or deleted: URNs, logical names, or AWS IDs. */
  readonly allowReplace?: readonly string[];
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Ends the run: no further stage starts, and the engine finishes its current step. */
  readonly signal?: AbortSignal;
  /** Aborted after `signal`: cancels the engine's step. */
  readonly cancel?: AbortSignal;
}

export const DEFAULT_PARALLEL = 2;
