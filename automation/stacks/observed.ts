/** Runs the engine and reads its events; turns its failure into the stage's. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { PolicyBroken, StageFailed } from "../model/errors";
import type { StageOutcome, StageRun } from "../model/stackPort";
import { commandMessage, explain, isEngineFailure, readable } from "./engineFailures";
import { changeOf, EventLog } from "./events";
import type { PolicyCheck } from "./policyCheck";

export type Watch = Pick<StageRun, "stage" | "onProgress" | "signal" | "cancel">;

/** The engine's messages about a provider that died during a step. */
const PROVIDER_GONE =
  /code = Unavailable|error reading from server|transport (is closing|: )|connection (refused|reset)|plugin .*(exited|crashed)/i;

/**
 * @param action in words, such as `update`
 * @throws StageFailed with the engine's own diagnostics; PolicyBroken
 */
export async function observed(
  { stage: { name: stage }, onProgress }: Watch,
  action: string,
  work: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
  check?: PolicyCheck,
): Promise<StageOutcome> {
  const log = new EventLog();
  try {
    await work((event) => {
      log.add(event);
      const change = changeOf(event);
      if (change) onProgress?.({ stage, kind: "resource", change, done: !event.resourcePreEvent });
    });
  } catch (error) {
    if (!isEngineFailure(error)) throw error;
    const violations = check?.refused() ?? [];
    // The engine's own messages are then only about the refused resources and their consequences.
    if (violations.length > 0) throw new PolicyBroken(stage, action, violations);
    const diagnostics = readable(log.errors.length > 0 ? log.errors : [commandMessage(error)]);
    const { exitCode, advice } = explain(diagnostics);
    const lost = diagnostics.some((line) => PROVIDER_GONE.test(line)) ? log.unanswered : [];
    throw new StageFailed(stage, action, diagnostics, exitCode, advice, lost);
  }
  const { outputs, changes, unchanged } = log;
  const violations = check?.violations() ?? [];
  return { outputs, changes, unchanged, ...(violations.length > 0 ? { violations } : {}) };
}
