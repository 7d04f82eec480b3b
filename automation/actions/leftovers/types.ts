/** Leftovers of deleted feature groups and consumers. */
import type { Contents } from "../../model/data";

interface Left {
  /** Name of the account in the settings. */
  readonly account: string;
  /** True if this environment made it. Others are listed but never purged. */
  readonly ours: boolean;
}

export interface LeftObjects extends Left {
  readonly kind: "offlineObjects" | "results";
  /** Feature group or consumer. */
  readonly of: string;
  readonly bucket: string;
  /** Ends with a slash. */
  readonly prefix: string;
  readonly contents: Contents;
}

export interface LeftTable extends Left {
  readonly kind: "table";
  readonly of: string;
  readonly database: string;
  readonly name: string;
  readonly location: string;
}

export interface LeftKey extends Left {
  readonly kind: "key";
  readonly alias: string;
  readonly id: string;
  /** `Enabled`, `PendingDeletion`... */
  readonly state: string;
}

export type Leftover = LeftObjects | LeftTable | LeftKey;
