/** Errors of the AWS SDK that the driver's own calls meet, told as a stage's failure. */
import { awsWords } from "../environment/accountSessions";
import { explain } from "../stacks/engineFailures";
import { StageFailed } from "../model/errors";

/** The error as a failure of the stage, if it is AWS's or of the way to AWS; undefined for any other. */
export function awsFault(error: unknown, stage: string, action: string): StageFailed | undefined {
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
