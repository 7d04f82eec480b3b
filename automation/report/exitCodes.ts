/** From a report to the exit code of the command that made it. */
import type { DriftReport } from "../model/drift";
import { ExitCode, hasExitCode } from "../model/errors";
import type { GraphReport } from "../model/reports";

/** The first failure's code; `interrupted` if the run was stopped; `dataLoss` for a danger to data; `proof` if all that is wrong is the access. */
export function exitCodeOf({ ok, stages, access, catalog = [] }: GraphReport, signal?: AbortSignal): number {
  if (ok) return catalog.length > 0 ? ExitCode.lakeFormation : ExitCode.ok;
  if (signal?.aborted) return ExitCode.interrupted;
  const failed = stages.find(({ status }) => status === "failed" || status === "skipped");
  if (failed) return failureCode(stages);
  const isDangerous = stages.some(({ dangers = [] }) => dangers.some(({ allowed }) => !allowed));
  return isDangerous || access?.ok !== false ? ExitCode.dataLoss : ExitCode.proof;
}

/** `drift` if anything has drifted, if all could be read. */
export function driftCode({ ok, drifted, stages }: DriftReport, signal?: AbortSignal): number {
  if (signal?.aborted) return ExitCode.interrupted;
  if (!ok) return failureCode(stages);
  return drifted ? ExitCode.drift : ExitCode.ok;
}

function failureCode(stages: readonly { readonly error?: Error }[]): number {
  const { error } = stages.find((stage) => stage.error) ?? {};
  return hasExitCode(error) ? error.exitCode : ExitCode.failed;
}
