/** What a program, or the command line, says of a run of the driver. */
import type { Confirmation } from "../actions/deletion/confirm";
import type { Doomed } from "../actions/deletion/inventory";
import type { DriverProgress } from "./driverOptions";
import type { Selection } from "../graph/selection";

/** Which environment, and whom to tell. */
export interface RunOptions {
  /** Name of the environment: `dev` of `Pulumi.dev.yaml`. */
  readonly env: string;
  /** Folder with `Pulumi.yaml`; the current one by default. */
  readonly directory?: string;
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Told how the engine is come by (it may have to be installed or built first). */
  readonly onEngine?: (line: string) => void;
  /** Ends the run: the engine finishes the step that it is at, and says how far it came. */
  readonly signal?: AbortSignal;
  /** Aborted after `signal`: cancels what the engine is at, which may leave a resource half-made for the next run to take over. */
  readonly cancel?: AbortSignal;
}

/** How a run goes over the graph. `only`, `from` and `consumers` choose a part of it. */
export interface GraphOptions extends RunOptions, Selection {
  /** How many stages are worked on at once; 2 by default. */
  readonly parallel?: number;
}

export interface ChangeOptions extends GraphOptions {
  /** True: what AWS has is read first, so that what was changed by hand is seen, and mended by an update. */
  readonly refresh?: boolean;
  /** What holds data and may be replaced or deleted: URNs, logical names, or AWS IDs. */
  readonly allowReplace?: readonly string[];
}

export interface PreviewOptions extends ChangeOptions {
  /** File to write a plan into that `deploy` can be held to; not written if the preview does not come out well. */
  readonly savePlan?: string;
}

export interface DeployOptions extends ChangeOptions {
  /**
   * File of a plan that `preview` wrote: what it says is done and nothing else. It also says which stages, `refresh`, and
   * `allowReplace`.
   */
  readonly plan?: string;
  /** True: the access is not proven before; it is said loudly what that leaves out. */
  readonly noProof?: boolean;
  /** True: stages that do not depend on a failed one go on. By default nothing new is begun after a failure. */
  readonly keepGoing?: boolean;
}

export interface DestroyOptions extends GraphOptions {
  /**
   * True: also what holds data (feature groups, buckets, keys), with all that is in it; `confirm` is needed then. Without it
   * and without `keepData`, nothing is destroyed where there is any.
   */
  readonly deleteData?: boolean;
  /** The environment's name, or a way to ask for it that is shown what goes: without it no data is deleted. */
  readonly confirm?: Confirmation<Doomed>;
  /** True: takes the access away, and keeps what holds data in AWS and in the state, for a later `deploy` to go on with. */
  readonly keepData?: boolean;
  /** As in `DeployOptions`. */
  readonly keepGoing?: boolean;
}
