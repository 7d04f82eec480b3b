/** What a run over the graph comes to, stage by stage: the driver's results, as reports and programs read them. */
import type { AccessSummary } from "../proof/accessSummary";
import type { Doomed } from "../actions/deletion/inventory";
import type { NeededGrant } from "../preflight/lakeFormation/needs";
import type { SchemaChange } from "../evolution/compare";
import type { ResourceChange } from "./stackPort";
import type { Violation } from "../../policy-pack/rules";
import type { WireValues } from "../graph/wiring";

/** A resource that holds data and outlived a destruction, in AWS and in its stage's stack. */
export interface KeptData {
  readonly stage: string;
  readonly account: string;
  readonly type: string;
  /** AWS ID, such as the bucket's name. */
  readonly id: string;
}

/** A part of a contract as it may be shown: known, known only to the update, or secret. */
export type ShownValue = { readonly value: unknown } | { readonly unknown: true } | { readonly secret: true };

/** A part of a stage's contract that changes. */
export interface ContractChange {
  /** Where in the stage's outputs: `keyArn`, `featureGroups.customers.arn`. */
  readonly path: string;
  /** Left out: the part is new. */
  readonly from?: ShownValue;
  /** Left out: the part goes. */
  readonly to?: ShownValue;
}

/** Why a stage changes, as far as it is not its own program or settings: what a needed stage gives is another. */
export interface Cause {
  /** The stage that is needed. */
  readonly stage: string;
  /** Paths of its outputs that change, as in its `contractChanges`. */
  readonly outputs: readonly string[];
}

/** A replacement or deletion of what holds data: a feature group, a bucket, a key. */
export interface Danger {
  readonly stage: string;
  readonly kind: "replace" | "delete";
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** AWS ID as deployed, such as the bucket's name, if it is known. */
  readonly id?: string;
  /** For a replacement: paths of the properties that force it. */
  readonly because: readonly string[];
  /** True if it was allowed by name. */
  readonly allowed: boolean;
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
  /** Resources that stay as they are. */
  readonly unchanged: number;
  readonly outputs: WireValues;
  /** What of the stage's contract changes against what is deployed. */
  readonly contractChanges?: readonly ContractChange[];
  /** Which needed stages' outputs change. */
  readonly causes?: readonly Cause[];
  readonly dangers?: readonly Danger[];
  /** Features that are added to feature groups in place, outside the engine. */
  readonly evolutions?: readonly SchemaChange[];
  /** What the rules of the policy pack have against the stage's program; it failed then. */
  readonly violations?: readonly Violation[];
  readonly error?: Error;
  /** True: the settings name the stage no more, and it is destroyed. */
  readonly departed?: true;
  /** For a skipped stage: why. */
  readonly reason?: string;
}

export interface GraphReport {
  readonly action: "preview" | "up" | "destroy";
  /** In an order in which each stage follows what it needs; the other way round for `destroy`. */
  readonly stages: readonly StageReport[];
  /** Of a preview: what is proven of the access that it would make, and what that gains and loses. */
  readonly access?: AccessSummary;
  /** Of an update: what AWS Lake Formation, which governs the catalog, has to grant before consumers can query. */
  readonly catalog?: readonly NeededGrant[];
  /** Of a destruction that deletes data: what there was of it just before. */
  readonly deleted?: readonly Doomed[];
  /** Of a destruction that keeps data: what is still there. */
  readonly kept?: readonly KeptData[];
  /** False if a stage failed, or a preview found a danger that was not allowed, or access that is not as it is meant to be. */
  readonly ok: boolean;
}
