/** Exit codes of commands, from their results. */
import { hasUnexplainedGain } from "../../access/diff";
import type { DriftReport } from "../model/drift";
import { ExitCode, hasExitCode } from "../model/errors";
import type { GraphReport } from "../model/reports";
import type { AccessProof } from "../proof/proveAccess";
import type { StoreGrants } from "../actions/grants/readGrants";

/** The first failure's code; `interrupted` if the run was stopped; `dataLoss` for a data loss; `proof` if only the access is wrong. */
export function exitCodeOf({ ok, stages, access, catalog = [] }: GraphReport, signal?: AbortSignal): number {
  if (ok) return catalog.length > 0 ? ExitCode.lakeFormation : ExitCode.ok;
  if (signal?.aborted) return ExitCode.interrupted;
  const failed = stages.find(({ status }) => status === "failed" || status === "skipped");
  if (failed) return failureCode(stages);
  const losesData = stages.some(({ dangers = [] }) => dangers.some(({ allowed }) => !allowed));
  return losesData || access?.ok !== false ? ExitCode.dataLoss : ExitCode.proof;
}

/** `drift` if there is drift and every stage could be read. */
export function driftCode({ ok, drifted, stages }: DriftReport, signal?: AbortSignal): number {
  if (signal?.aborted) return ExitCode.interrupted;
  if (!ok) return failureCode(stages);
  return drifted ? ExitCode.drift : ExitCode.ok;
}

/** `proof` for any error, or a gain of access that no setting explains. */
export function proofCode({ errors, diff }: AccessProof): number {
  return errors.length > 0 || (diff && hasUnexplainedGain(diff)) ? ExitCode.proof : ExitCode.ok;
}

/** `drift` if an online store lacks its grant. */
export function grantsCode(stores: readonly StoreGrants[]): number {
  const broken = stores.some(({ groups }) => groups.some(({ state }) => state === "missing"));
  return broken ? ExitCode.drift : ExitCode.ok;
}

function failureCode(stages: readonly { readonly error?: Error }[]): number {
  const { error } = stages.find((stage) => stage.error) ?? {};
  return hasExitCode(error) ? error.exitCode : ExitCode.failed;
}
