/** What is still there of feature groups and consumers that are gone. */
import type { Contents } from "../../model/data";

interface Left {
  /** Of the settings: where it is. */
  readonly account: string;
  /** Whether this environment made it; what it did not make is named, and never purged. */
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
