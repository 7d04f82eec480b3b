/** Options of a run, as programs and the command line give them. */
import type { Doomed } from "./data";
import type { DriverProgress } from "./reports";

/** A part of the graph by name, the union of what the members choose. Without any, it is the whole graph. */
export interface Selection {
  /** These stages. */
  readonly only?: readonly string[];
  /** These stages and all that depend on them. */
  readonly from?: readonly string[];
  /** The stages of these consumers. */
  readonly consumers?: readonly string[];
}

/** The environment's name, or a way to ask for it that is given the list of what would be deleted. */
export type Confirmation<T> = string | ((list: readonly T[]) => Promise<string | undefined>);

/** The environment, and who is told of the run. */
export interface RunOptions {
  /** Name of the environment: `dev` of `Pulumi.dev.yaml`. */
  readonly env: string;
  /** Folder with `Pulumi.yaml`; the current one by default. */
  readonly directory?: string;
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Told how the engine is provided (it may have to be installed or built first). */
  readonly onEngine?: (line: string) => void;
  /** Ends the run: the engine finishes the step that it is at, and reports how far it came. */
  readonly signal?: AbortSignal;
  /** Aborted after `signal`: cancels what the engine is at, which may leave a half-made resource for the next run to recover. */
  readonly cancel?: AbortSignal;
}

/** `only`, `from` and `consumers` choose a part of the graph. */
export interface GraphOptions extends RunOptions, Selection {
  /** Number of stages to work on at once; 2 by default. */
  readonly parallel?: number;
}

export interface ChangeOptions extends GraphOptions {
  /** True: every stage is refreshed first, so that drift is seen, and repaired by an update. */
  readonly refresh?: boolean;
  /** Resources that hold data and may be replaced or deleted: URNs, logical names, or AWS IDs. */
  readonly allowReplace?: readonly string[];
}

export interface PreviewOptions extends ChangeOptions {
  /** File to save the plan in, for `deploy`; not written if the preview fails. */
  readonly savePlan?: string;
}

export interface DeployOptions extends ChangeOptions {
  /**
   * File of a plan that `preview` wrote: the update does what it says and nothing else. It also has the stages, `refresh` and
   * `allowReplace`.
   */
  readonly plan?: string;
  /** True: deploys without the proof of access, with a notice of what is not checked then. */
  readonly noProof?: boolean;
  /** True: stages that do not depend on a failed one go on. By default no stage begins after a failure. */
  readonly keepGoing?: boolean;
}

export interface DestroyOptions extends GraphOptions {
  /**
   * True: also deletes what holds data (feature groups, buckets, keys), with all that is in it; needs `confirm`. Without this
   * and without `keepData`, nothing is destroyed where there is data.
   */
  readonly deleteData?: boolean;
  /** The environment's name, or a way to ask for it: without it no data is deleted. */
  readonly confirm?: Confirmation<Doomed>;
  /** True: takes the access away, and keeps what holds data in AWS and in the state, for a later `deploy`. */
  readonly keepData?: boolean;
  /** As in `DeployOptions`. */
  readonly keepGoing?: boolean;
}
