/** Options of a run, from programs and the command line. */
import type { Doomed } from "./data";
import type { DriverProgress } from "./reports";

/** A part of the graph: the union of its members' choices, or the whole graph if there are none. */
export interface Selection {
  /** These stages. */
  readonly only?: readonly string[];
  /** These stages and all that depend on them. */
  readonly from?: readonly string[];
  /** The stages of these consumers. */
  readonly consumers?: readonly string[];
}

/** The environment's name, or a function that asks for it and gets the list of what would be deleted. */
export type Confirmation<T> = string | ((list: readonly T[]) => Promise<string | undefined>);

/** The environment, and callbacks and signals of the run. */
export interface RunOptions {
  /** Name of the environment: `dev` of `Pulumi.dev.yaml`. */
  readonly env: string;
  /** Folder with `Pulumi.yaml`; the current one by default. */
  readonly directory?: string;
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Receives lines about providing the engine, which may have to be installed or built first. */
  readonly onEngine?: (line: string) => void;
  /** Ends the run: the engine finishes its current step and reports what it did. */
  readonly signal?: AbortSignal;
  /** Aborted after `signal`: cancels the engine's current step, which may leave a half-made resource for the next run to adopt. */
  readonly cancel?: AbortSignal;
}

/** `only`, `from` and `consumers` choose a part of the graph. */
export interface GraphOptions extends RunOptions, Selection {
  /** Number of stages to work on at once; 2 by default. */
  readonly parallel?: number;
}

export interface ChangeOptions extends GraphOptions {
  /** True: refreshes every stage first, so that drift shows, and an update repairs it. */
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
   * File of a plan that `preview` wrote: the update makes exactly its changes. The plan also has the stages, `refresh` and
   * `allowReplace`.
   */
  readonly plan?: string;
  /** True: deploys without the proof of access; a notice says what is not checked. */
  readonly noProof?: boolean;
  /** True: stages that do not depend on a failed one still run. By default no stage starts after a failure. */
  readonly keepGoing?: boolean;
}

export interface DestroyOptions extends GraphOptions {
  /**
   * True: also deletes resources that hold data (feature groups, buckets, keys), with the data; needs `confirm`. With neither
   * this nor `keepData`, nothing is destroyed if there is data.
   */
  readonly deleteData?: boolean;
  /** The environment's name, or a function that asks for it; without it, no data is deleted. */
  readonly confirm?: Confirmation<Doomed>;
  /** True: removes the access, and keeps resources that hold data in AWS and in the state, for a later `deploy`. */
  readonly keepData?: boolean;
  /** As in `DeployOptions`. */
  readonly keepGoing?: boolean;
}
