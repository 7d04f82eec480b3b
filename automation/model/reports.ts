/** The results and the progress of a run over the graph, for reports and programs. */
import type { AccessDiff } from "../../access/diff";
import type { Finding } from "../../access/findings";
import type { Violation } from "../../policy-pack/rules";
import type { DataLoss, Doomed, KeptData } from "./data";
import type { SchemaChange } from "./schemaChange";
import type { ResourceChange, StageProgress } from "./stackPort";
import type { ShownValue, WireValues } from "./wires";

/** A part of a stage's contract that changes. */
export interface ContractChange {
  /** Path in the stage's outputs: `keyArn`, `featureGroups.customers.arn`. */
  readonly path: string;
  /** Absent: the part is new. */
  readonly from?: ShownValue;
  /** Absent: the part is removed. */
  readonly to?: ShownValue;
}

/** A reason for a stage's change outside its own program and settings: changed outputs of a needed stage. */
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
  /** `unchanged`: program, settings, inputs and state have not changed, and the engine was not run. */
  readonly notRun?: "unchanged";
  readonly changes: readonly ResourceChange[];
  /** Number of unchanged resources. */
  readonly unchanged: number;
  readonly outputs: WireValues;
  /** Changes of the stage's contract from the deployed one. */
  readonly contractChanges?: readonly ContractChange[];
  /** The needed stages whose outputs change. */
  readonly causes?: readonly Cause[];
  /** Losses of data, allowed or not. */
  readonly dangers?: readonly DataLoss[];
  /** Changes of feature groups in place, outside the engine. */
  readonly evolutions?: readonly SchemaChange[];
  /** Rules of the policy pack that the stage's program breaks, which made it fail. */
  readonly violations?: readonly Violation[];
  readonly error?: Error;
  /** True for a removed stage: no longer in the settings, and destroyed. */
  readonly departed?: true;
  /** Why the stage was skipped. */
  readonly reason?: string;
}

/** The proven access of an environment, for a report of the whole graph. */
export interface AccessSummary {
  /** False if there is a finding, or a gain of access that no setting explains. */
  readonly ok: boolean;
  /** Number of intended accesses that work (`allowed`) and refusals that hold (`denied`), out of the total. */
  readonly allowed: { readonly hold: number; readonly of: number };
  readonly denied: { readonly hold: number; readonly of: number };
  readonly errors: readonly Finding[];
  /** Number of statements of the documents' own policies that permit more than any intent uses. */
  readonly beyond: number;
  /** Compared with the deployed access. */
  readonly diff?: AccessDiff & { readonly against: string };
}

/** An AWS Lake Formation permission that a principal needs in the Data Catalog of `account`. */
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
  /** What fails without it, in words. */
  readonly because: string;
}

export interface GraphReport {
  readonly action: "preview" | "up" | "destroy";
  /** Each stage after its needs; in reverse for `destroy`. */
  readonly stages: readonly StageReport[];
  /** Of a preview: the proven access after the update, with gains and losses. */
  readonly access?: AccessSummary;
  /** Of an update: AWS Lake Formation permissions that consumers still lack for queries. */
  readonly catalog?: readonly CatalogPermission[];
  /** Of a destruction that deletes data: the data before the deletion. */
  readonly deleted?: readonly Doomed[];
  /** Of a destruction that keeps data: the kept data. */
  readonly kept?: readonly KeptData[];
  /** False if a stage failed, or a preview found a data loss that is not allowed, or access that is not as intended. */
  readonly ok: boolean;
}

export type DriverProgress =
  | { readonly kind: "stage-begun"; readonly stage: string; readonly account: string }
  | { readonly kind: "stage-ended"; readonly report: StageReport }
  | { readonly kind: "notice"; readonly stage?: string; readonly message: string }
  | ({ readonly kind: "engine" } & { readonly progress: StageProgress });
