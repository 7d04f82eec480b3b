/** The results of a run over the graph, as reports and programs read them, and its progress. */
import type { AccessDiff } from "../../access/diff";
import type { Finding } from "../../access/findings";
import type { Violation } from "../../policy-pack/rules";
import type { DataLoss, Doomed, KeptData } from "./data";
import type { SchemaChange } from "./schemaChange";
import type { ResourceChange, StageProgress } from "./stackPort";
import type { ShownValue, WireValues } from "./wires";

/** A part of a stage's contract that changes. */
export interface ContractChange {
  /** Where in the stage's outputs: `keyArn`, `featureGroups.customers.arn`. */
  readonly path: string;
  /** Left out: the part is new. */
  readonly from?: ShownValue;
  /** Left out: the part goes. */
  readonly to?: ShownValue;
}

/** A reason for a stage's change that is not its own program or settings: a needed stage gives other outputs. */
export interface Cause {
  /** The needed stage. */
  readonly stage: string;
  /** Paths of its outputs that change, as in its `contractChanges`. */
  readonly outputs: readonly string[];
}

export interface StageReport {
  readonly stage: string;
  readonly account: string;
  /** The stages that it needs. */
  readonly needs?: readonly string[];
  readonly status: "changed" | "unchanged" | "failed" | "skipped" | "absent";
  /** `unchanged`: program, settings, inputs and state are what they were, and the engine was not run. */
  readonly notRun?: "unchanged";
  readonly changes: readonly ResourceChange[];
  /** Number of resources that stay as they are. */
  readonly unchanged: number;
  readonly outputs: WireValues;
  /** Changes of the stage's contract against what is deployed. */
  readonly contractChanges?: readonly ContractChange[];
  /** The needed stages whose outputs change. */
  readonly causes?: readonly Cause[];
  /** Losses of data, allowed or not. */
  readonly dangers?: readonly DataLoss[];
  /** Changes of feature groups in place, outside the engine. */
  readonly evolutions?: readonly SchemaChange[];
  /** Rules of the policy pack that the stage's program breaks; it failed then. */
  readonly violations?: readonly Violation[];
  readonly error?: Error;
  /** True for a removed stage: the settings do not name it, and it is destroyed. */
  readonly departed?: true;
  /** For a skipped stage: why. */
  readonly reason?: string;
}

/** The proven access of an environment, as a report of the whole graph has it. */
export interface AccessSummary {
  /** False if there is a finding, or a gain of access that no setting explains. */
  readonly ok: boolean;
  /** Number of intended accesses that work, and of refusals that hold; of how many. */
  readonly allowed: { readonly hold: number; readonly of: number };
  readonly denied: { readonly hold: number; readonly of: number };
  readonly errors: readonly Finding[];
  /** Number of statements of the documents' own policies that permit more than any intent uses. */
  readonly beyond: number;
  /** Against what is deployed. */
  readonly diff?: AccessDiff & { readonly against: string };
}

/** A permission of AWS Lake Formation that somebody needs in the Data Catalog of `account`. */
export interface CatalogPermission {
  /** Name of the account in the settings. */
  readonly account: string;
  /** ID of the account, which is the catalog's ID too. */
  readonly catalogId: string;
  readonly region: string;
  /** ARN of the role. */
  readonly principal: string;
  readonly database: string;
  /** Absent: the database itself. */
  readonly table?: string;
  readonly permission: "DESCRIBE" | "SELECT" | "CREATE_TABLE" | "DATA_LOCATION_ACCESS";
  /** What does not work without it, in words. */
  readonly because: string;
}

export interface GraphReport {
  readonly action: "preview" | "up" | "destroy";
  /** In an order in which each stage follows what it needs; the other way round for `destroy`. */
  readonly stages: readonly StageReport[];
  /** Of a preview: the proven access that it would make, with gains and losses. */
  readonly access?: AccessSummary;
  /** Of an update: missing permissions of AWS Lake Formation, which governs the catalog; consumers cannot query before. */
  readonly catalog?: readonly CatalogPermission[];
  /** Of a destruction that deletes data: the data as it was just before. */
  readonly deleted?: readonly Doomed[];
  /** Of a destruction that keeps data: the data that is still there. */
  readonly kept?: readonly KeptData[];
  /** False if a stage failed, or a preview found a loss of data that was not allowed, or access that is not as intended. */
  readonly ok: boolean;
}

export type DriverProgress =
  | { readonly kind: "stage-begun"; readonly stage: string; readonly account: string }
  | { readonly kind: "stage-ended"; readonly report: StageReport }
  | { readonly kind: "notice"; readonly stage?: string; readonly message: string }
  | ({ readonly kind: "engine" } & { readonly progress: StageProgress });
