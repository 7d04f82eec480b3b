/** A stage's failure, as its report has it. */
import type { Stage } from "../../components/stages";
import { awsWords } from "../environment/accountSessions";
import { ExitCode, hasExitCode, StageFailed } from "../model/errors";
import { explain } from "../stacks/engineFailures";

/**
 * @param action in words, such as `update`
 * @throws the error, if it is no stage's: there is no engine, or the program has a bug
 */
export function stageFailure(error: unknown, stage: Stage, action: string): Error {
  const known = awsFailure(error, stage.name, action) ?? error;
  if (hasExitCode(known) && known.exitCode !== ExitCode.engine) return known;
  if (known instanceof Error && known.name === "AbortError") return known;
  throw error;
}

/** An error of the AWS SDK, from one of the driver's own calls, as a failure of the stage; undefined for any other. */
function awsFailure(error: unknown, stage: string, action: string): StageFailed | undefined {
  if (!(error instanceof Error) || !isOfAws(error)) return undefined;
  const words = awsWords(error);
  const { exitCode, advice } = explain([words]);
  return new StageFailed(stage, action, [words], exitCode, advice);
}

/** Services' errors carry `$metadata`; without credentials or a connection there is none. */
function isOfAws(error: Error): boolean {
  return (
    "$metadata" in error ||
    error.name === "CredentialsProviderError" ||
    /^(ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EPIPE)/.test((error as NodeJS.ErrnoException).code ?? "")
  );
}
