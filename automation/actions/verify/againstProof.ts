/**
 * Tries a sample of the proof's questions for real: the same question to the deployed policies and to AWS. If the answers
 * differ, either the policies are not those of the stacks, or the proof is missing something.
 */
import { Questions, type Question } from "../../../access/ask";
import { ActionCatalog } from "@feature-store-access/iam";
import type { Intent } from "../../../access/intents/types";
import type { AccessModel } from "../../../access/model";
import { questionsOf } from "../../../access/proveIntents";
import type { Actor } from "../../topologies/verification/actor";
import { decided, isDirect, TRIALS } from "./trials";
import type { Attempt } from "../../topologies/verification/types";

export interface ProofFacts {
  /** The deployed access, in AWS's own names. */
  readonly model: AccessModel;
  readonly intents: readonly Intent[];
  /** Actors by the ARN of their role. */
  readonly actors: ReadonlyMap<string, Actor>;
}

/** @param most maximum number of attempts, spread evenly over the intents */
export async function attemptsOf({ model, intents, actors }: ProofFacts, most: number): Promise<Attempt[]> {
  const catalog = await ActionCatalog.of(["s3", "sts", "kms", "sagemaker", "athena", "glue"]);
  const questions = new Questions(model);
  const asked = new Map<string, Question>();
  for (const { steps } of intents)
    for (const step of steps)
      for (const { knownPoliciesOnly: _, ...question } of questionsOf(step, catalog)) {
        if (!actors.has(question.principal) || !isDirect(question) || !TRIALS[question.action]) continue;
        asked.set(JSON.stringify(question), question);
      }
  const tried = [...asked.values()].flatMap((question) => attemptAt(question, questions, actors) ?? []);
  const step = Math.max(1, tried.length / most);
  return Array.from({ length: Math.min(most, tried.length) }, (_, at) => tried[Math.floor(at * step)]).filter(
    (attempt) => attempt !== undefined,
  );
}

function attemptAt(
  question: Question,
  questions: Questions,
  actors: ReadonlyMap<string, Actor>,
): Attempt | undefined {
  const { action, resource, principal } = question;
  const actor = actors.get(principal);
  const expected = questions.answer(question).result === "Allowed" ? "allowed" : "denied";
  // S3 refuses a missing object to an actor that may not list, so a made-up name proves nothing.
  if (!actor || (action === "s3:GetObject" && expected === "allowed")) return undefined;
  // A table needs its catalog and database too: topologies try the whole chain as one query.
  if (action === "glue:GetTable" && expected === "allowed") return undefined;
  return {
    as: actor.name,
    action,
    resource: `${resource} (proven ${expected})`,
    expected,
    async run() {
      const request = TRIALS[action]?.(actor, question);
      if (request && (await decided(request)) === "denied")
        throw Object.assign(new Error("refused, as by a policy"), { name: "AccessDenied" });
    },
  };
}
