/** What went wrong in a stage, as its report has it. */
import type { Stage } from "../../components/stages";
import { awsFault } from "./awsFailures";
import { ExitCode, hasExitCode } from "../model/errors";

/**
 * @param action what was being done, such as `update`
 * @throws what no stage is to blame for: that there is no engine, or a fault of this program
 */
export function stageFailure(error: unknown, stage: Stage, action: string): Error {
  const known = awsFault(error, stage.name, action) ?? error;
  if (hasExitCode(known) && known.exitCode !== ExitCode.engine) return known;
  if (known instanceof Error && known.name === "AbortError") return known;
  throw error;
}
