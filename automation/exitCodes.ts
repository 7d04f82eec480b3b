/** From a report to the exit code of the command that made it. */
import type { DriftReport } from "./drift";
import { ExitCode, hasExitCode } from "./errors";
import type { GraphReport } from "./reports";

/** The first failure's code; `interrupted` if the run was stopped; `dataLoss` if all that is wrong is a danger to data. */
export function exitCodeOf({ ok, stages }: GraphReport, signal?: AbortSignal): number {
  if (ok) return ExitCode.ok;
  if (signal?.aborted) return ExitCode.interrupted;
  const failed = stages.find(({ status }) => status === "failed" || status === "skipped");
  return failed ? failureCode(stages) : ExitCode.dataLoss;
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
