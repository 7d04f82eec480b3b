/** The decisions behind intents, for `prove --explain`. */
import { explainIntent } from "../../access/proveIntents";
import { ExitCode, UserError } from "../model/errors";
import type { AccessProof } from "../proof/proveAccess";

/**
 * @param text words to find in an intent's actor or access, in any order and case
 * @throws UserError (usage) if no intent matches
 */
export function explanationLines({ proof }: AccessProof, text: string): string[] {
  const words = text.toLowerCase().split(/\s+/);
  const found = proof.intents.filter(({ intent: { id, actor, says } }) => {
    const all = `${id} ${actor} ${says}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  if (found.length === 0)
    throw new UserError(
      ExitCode.usage,
      `--explain ${text}: no actor or access has these words`,
      "Try the name of a consumer or a feature group; --json lists all.",
    );
  return found.flatMap(({ intent, holds }) => [
    `${intent.actor} ${intent.says}: ${holds ? "as intended" : "NOT as intended"}${intent.setting === undefined ? "" : ` (${intent.setting})`}`,
    ...explainIntent(proof.questions, proof.catalog, intent).flatMap(({ line, sides }) => [
      `  ${line}`,
      ...sides.map((side) => `    ${side}`),
    ]),
  ]);
}
