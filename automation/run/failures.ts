/** A stage's failure, as its report shows it. */
import type { Stage } from "../../components/stages";
import { awsWords } from "../environment/accountSessions";
import { ExitCode, hasExitCode, StageFailed } from "../model/errors";
import { explain } from "../stacks/engineFailures";

/**
 * @param action in words, such as `update`
 * @throws the error itself if no stage caused it: a missing engine, or a bug in the program
 */
export function stageFailure(error: unknown, stage: Stage, action: string): Error {
  const known = awsFailure(error, stage.name, action) ?? error;
  if (hasExitCode(known) && known.exitCode !== ExitCode.engine) return known;
  if (known instanceof Error && known.name === "AbortError") return known;
  throw error;
}

/** An AWS SDK error of one of the driver's own calls, as a failure of the stage; undefined for other errors. */
function awsFailure(error: unknown, stage: string, action: string): StageFailed | undefined {
  if (!(error instanceof Error) || !isOfAws(error)) return undefined;
  const words = awsWords(error);
  const { exitCode, advice } = explain([words]);
  return new StageFailed(stage, action, [words], exitCode, advice);
}

/** Errors of AWS services carry `$metadata`; errors of missing credentials or connections do not. */
function isOfAws(error: Error): boolean {
  return (
    "$metadata" in error ||
    error.name === "CredentialsProviderError" ||
    /^(ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EPIPE)/.test((error as NodeJS.ErrnoException).code ?? "")
  );
}
