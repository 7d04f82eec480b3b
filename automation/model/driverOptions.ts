/** Options of the driver: the graph, the stacks behind it, and how the run goes over them. */
import type { Stage } from "../../components/stages";
import type { DriverProgress } from "./reports";
import type { Selection } from "./runOptions";
import type { SchemaChange } from "./schemaChange";
import type { DeployedStack, StackPort } from "./stackPort";
import type { StageWires } from "./wires";

/** Finds in the stage's account what a killed run made and did not record. */
export type Recovery = (
  stage: Stage,
  deployed: DeployedStack,
) => Promise<readonly { urn: string; id: string; unseen?: true }[]>;

/**
 * The reason why a stage's recorded state may differ from its account, such as a policy that names a role which was created
 * again under the same name; undefined if there is none. Reads only.
 */
export type StaleIdentities = (stage: Stage, deployed: DeployedStack) => Promise<string | undefined>;

/** Changes the stage's feature groups in AWS where that goes in place; returns the URNs of the changed ones. */
export type Evolution = (
  stage: Stage,
  deployed: DeployedStack,
  changes: readonly SchemaChange[],
) => Promise<readonly string[]>;

/** All that a stage's run depends on, each as a hash (SHA-256, hex). */
export interface Basis {
  /** The source files that make the program, and the lock files of what it imports. */
  readonly program: string;
  /** The settings that the program is given. */
  readonly settings: string;
  /** The outputs of the needed stages. */
  readonly inputs: string;
  /** The stack's state as the run left it. */
  readonly state: string;
}

/** Knows what each stage's last successful run depended on. */
export interface StageMemory {
  /** The basis of a run of the stage now; undefined if a part of it cannot be told. */
  basis(stage: Stage, inputs: StageWires, deployed: DeployedStack | undefined): Promise<Basis | undefined>;
  /** The basis of the stage's last successful run; undefined if that is not known. */
  last(stage: Stage): Promise<Basis | undefined>;
  remember(stage: Stage, basis: Basis): Promise<void>;
  /** Before a run, which may end anyhow: the stage is no longer as the last run left it. */
  forget(stage: Stage): Promise<void>;
}

export interface DriverOptions {
  /** Without it the driver leaves feature groups alone, and only the engine changes them. */
  readonly evolution?: Evolution;
  /** Name of the environment, for the advice in errors. */
  readonly env?: string;
  readonly stages: readonly Stage[];
  readonly stacks: StackPort;
  readonly recovery: Recovery;
  /** Asked before each preview and update of a deployed stage: if it gives a reason, the engine refreshes the stage first. */
  readonly staleIdentities?: StaleIdentities;
  /** Without it every stage is run. */
  readonly memory?: StageMemory;
  /** The part of the graph to work on; the whole by default. */
  readonly selection?: Selection;
  /** Number of stages to work on at once; 2 by default. */
  readonly parallel?: number;
  /** True: stages that do not depend on a failed one go on. By default no stage begins after a failure. */
  readonly keepGoing?: boolean;
  /** True: every stage is refreshed first. */
  readonly refresh?: boolean;
  /** Resources that hold data and may be replaced or deleted: URNs, logical names, or AWS IDs. */
  readonly allowReplace?: readonly string[];
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Ends the run: no stage begins, and the engine finishes the step that it is at. */
  readonly signal?: AbortSignal;
  /** Aborted after `signal`: cancels the engine's step. */
  readonly cancel?: AbortSignal;
}

export const DEFAULT_PARALLEL = 2;
