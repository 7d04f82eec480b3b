/** What a driver is given: the graph, the stacks behind it, and how the run is to go. */
import type { Stage } from "../../components/stages";
import type { SchemaChange } from "../evolution/compare";
import type { StageReport } from "./reports";
import type { Selection } from "../graph/selection";
import type { DeployedStack, StackPort, StageProgress } from "./stackPort";
import type { StageMemory } from "../run/stageMemory";

/** Finds what a killed run made in the stage's account without writing it down. */
export type Recovery = (
  stage: Stage,
  deployed: DeployedStack,
) => Promise<readonly { urn: string; id: string; unseen?: true }[]>;

/**
 * Why a stage's recorded state cannot be trusted to be what its account has, such as a policy that names a role which was
 * made again under the same name; undefined where nothing speaks against it. Reads only.
 */
export type StaleIdentities = (stage: Stage, deployed: DeployedStack) => Promise<string | undefined>;

/** Changes the stage's feature groups in AWS where that goes in place; returns the URNs of those that are others now. */
export type Evolution = (
  stage: Stage,
  deployed: DeployedStack,
  changes: readonly SchemaChange[],
) => Promise<readonly string[]>;

export interface DriverOptions {
  /** Without it feature groups are left as they are, but for what the engine changes. */
  readonly evolution?: Evolution;
  /** Name of the environment, for the advice that errors give. */
  readonly env?: string;
  readonly stages: readonly Stage[];
  readonly stacks: StackPort;
  readonly recovery: Recovery;
  /** Asked before each preview and update of a deployed stage: where it gives a reason, the engine reads AWS anew. */
  readonly staleIdentities?: StaleIdentities;
  /** Knows which stages are as their last run left them; without it every stage is run. */
  readonly memory?: StageMemory;
  /** The part of the graph that is worked on; the whole by default. */
  readonly selection?: Selection;
  /** How many stages are worked on at once; 2 by default. */
  readonly parallel?: number;
  /** True: stages that do not depend on a failed one go on. By default nothing new is begun after a failure. */
  readonly keepGoing?: boolean;
  /** True: what AWS has is read first, in every stage. */
  readonly refresh?: boolean;
  /** What holds data and may be replaced or deleted: URNs, logical names, or AWS IDs. */
  readonly allowReplace?: readonly string[];
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Ends the run: nothing new is begun, and the engine finishes the step that it is at. */
  readonly signal?: AbortSignal;
  /** Aborted after `signal`: cancels what the engine is at. */
  readonly cancel?: AbortSignal;
}

export const DEFAULT_PARALLEL = 2;

export type DriverProgress =
  | { readonly kind: "stage-begun"; readonly stage: string; readonly account: string }
  | { readonly kind: "stage-ended"; readonly report: StageReport }
  | { readonly kind: "notice"; readonly stage?: string; readonly message: string }
  | ({ readonly kind: "engine" } & { readonly progress: StageProgress });
