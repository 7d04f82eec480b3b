/** Each intent, proven or not: every step asked of the model. */
import { type ActionCatalog, sampleOf } from "@feature-store-access/iam";
import type { Answer, Question, Questions } from "./ask";
import { explain, type Explanation } from "./explain";
import type { Intent, Step } from "./intents/types";

export interface ProvenIntent {
  readonly intent: Intent;
  /** True if each request is decided as the intent expects. */
  readonly holds: boolean;
  /** Number of requests that it took. */
  readonly requests: number;
  /** The requests that are decided otherwise; empty if the intent holds. */
  readonly against: readonly Explanation[];
}

export function proveIntents(
  questions: Questions,
  catalog: ActionCatalog,
  intents: readonly Intent[],
): ProvenIntent[] {
  return intents.map((intent) => {
    const against: Explanation[] = [];
    let requests = 0;
    for (const step of intent.steps)
      for (const question of questionsOf(step, catalog)) {
        requests++;
        const answer = questions.answer(question);
        if (isAsMeant(answer, intent)) continue;
        against.push(explain(questions, question, answer, { near: intent.expect === "allowed" }));
      }
    return { intent, holds: against.length === 0, requests, against };
  });
}

/** A document that AWS would reject proves neither an allow nor a denial. */
function isAsMeant(answer: Answer, { expect }: Intent): boolean {
  return !answer.malformed && (answer.result === "Allowed") === (expect === "allowed");
}

/** A step's requests: one for each action that its pattern stands for, of a sample of its scope. */
export function questionsOf(step: Step, catalog: ActionCatalog): Question[] {
  const { scope, holder: _, action, ...rest } = step;
  const actions = action.includes("*")
    ? catalog.expand(action).filter((each) => catalog.fits(each, scope))
    : [action];
  return actions.map((each) => ({ ...rest, action: each, resource: sampleOf(scope) }));
}

/** Why each request of an intent is allowed or denied. */
export function explainIntent(questions: Questions, catalog: ActionCatalog, intent: Intent): Explanation[] {
  return intent.steps.flatMap((step) =>
    questionsOf(step, catalog).map((question) =>
      explain(questions, question, questions.answer(question), { near: intent.expect === "allowed" }),
    ),
  );
}
