/** Drift: what AWS has that differs from what was deployed. */
import type { AccessDiff } from "../../access/diff";
import type { ShownValue } from "./wires";

/** A property of a resource that differs in AWS. */
export interface PropertyDrift {
  /** `versioningConfiguration.status`, `tags.owner`, `policy.Statement[0].Effect`. */
  readonly path: string;
  /** Absent: it was not deployed. */
  readonly deployed?: ShownValue;
  /** Absent: AWS does not have it. */
  readonly actual?: ShownValue;
}

export interface ResourceDrift {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** AWS ID as deployed. */
  readonly id: string;
  /** `deleted`: AWS no longer has the resource. */
  readonly kind: "changed" | "deleted";
  /** Empty for a deleted resource. */
  readonly properties: readonly PropertyDrift[];
}

export interface StageDrift {
  readonly stage: string;
  readonly account: string;
  readonly status: "inSync" | "drifted" | "absent" | "failed" | "skipped";
  readonly resources: readonly ResourceDrift[];
  /** True for a removed stage: deployed, but no longer in the settings. */
  readonly departed?: boolean;
  readonly error?: Error;
  readonly reason?: string;
}

export interface DriftReport {
  readonly action: "drift";
  readonly stages: readonly StageDrift[];
  /** How the accounts' policies differ from the deployed ones; only for the whole graph. */
  readonly access?: AccessDiff;
  /** True if every stage could be read; `drifted` says whether there is drift. */
  readonly ok: boolean;
  readonly drifted: boolean;
}
