/** Why a request is allowed or denied, by side: statements that allow or deny it, documents that lack an allow. */
import type { Answer, Question, Questions } from "./ask";
import { placeOf, placeWords, type Place } from "./findings";
import type { ModelDocument } from "./model";
import { nearMisses } from "./nearMiss";
import type { DocumentPlace } from "@feature-store-access/iam";

export interface Explanation {
  /** "kms:Decrypt on writer.writer-key as consumer's role: denied, as ...". */
  readonly line: string;
  /** One line for each side that allows it, denies it, or lacks an allow. */
  readonly sides: readonly string[];
  readonly places: readonly Place[];
}

/** @param near also names statements that nearly allow it: for an intended access that does not work */
export function explain(
  questions: Questions,
  question: Question,
  answer: Answer,
  { near = false }: { readonly near?: boolean } = {},
): Explanation {
  const { action, resource } = question;
  const asked = `${action} on ${nameOf(questions, resource)} as ${nameOf(questions, question.principal)}`;
  if (answer.malformed) {
    const { problem, document } = answer.malformed;
    return {
      line: `${asked}: undecided`,
      sides: [`${document?.name ?? "a policy"} is a document that AWS would reject: ${problem}`],
      places: document ? [placeOf(document)] : [],
    };
  }
  const places = answer.statements.flatMap(({ document, index, statement }) =>
    document ? [placeOf(document, index, statement)] : [],
  );
  const verb = answer.result === "ExplicitlyDenied" ? "denies it" : "allows it";
  const found = [...new Set(places.map((place) => `${placeWords(place)} ${verb}`))];
  const ownAccount = answer.statements.some(({ document }) => document === undefined);
  if (ownAccount) found.push(`${accountOf(question.principal)}'s own IAM can allow it`);
  const lacking = answer.missing.flatMap((kind) => [
    missingSide(questions, question, kind),
    ...(near ? nearlyAllowed(questions, question, kind) : []),
  ]);
  const words = { Allowed: "allowed", ImplicitlyDenied: "denied", ExplicitlyDenied: "explicitly denied" };
  return { line: `${asked}: ${words[answer.result]}`, sides: [...found, ...lacking], places };
}

function nearlyAllowed(questions: Questions, question: Question, kind: DocumentPlace["kind"]): string[] {
  if (kind === "identity") {
    const { identity = [] } = questions.role(question.principal) ?? {};
    return nearMisses(questions, question, kind, identity);
  }
  const policy = kind === "resource" ? questions.resource(question.resource)?.policy : undefined;
  return policy ? nearMisses(questions, question, "resource", [policy]) : [];
}

/** "identity policy of consumer:x.role lacks kms:Decrypt". */
function missingSide(
  questions: Questions,
  { principal, action, resource }: Question,
  kind: DocumentPlace["kind"],
): string {
  const role = questions.role(principal);
  const thing = questions.resource(resource);
  if (kind === "identity") {
    const documents = role?.identity.map(({ name }) => name) ?? [];
    const where = documents.length > 0 ? ` (${documents.join(", ")})` : "";
    return `the identity policies of ${nameOf(questions, principal)}${where} lack ${action} on it`;
  }
  if (kind === "resource") {
    if (!thing) return `${resource} is not in the model, so nothing in it allows ${action}`;
    const policy: ModelDocument | undefined = thing.policy;
    return policy
      ? `${policy.name} lacks ${action} for ${nameOf(questions, principal)}`
      : `${thing.label} has no policy, and nothing else allows ${action} to ${nameOf(questions, principal)}`;
  }
  return `a ${KINDS[kind]} does not allow ${action}`;
}

const KINDS: Readonly<Record<DocumentPlace["kind"], string>> = {
  identity: "identity policy",
  resource: "resource policy",
  permissionsBoundary: "permissions boundary",
  session: "session policy",
  serviceControl: "service control policy",
  resourceControl: "resource control policy",
  vpcEndpoint: "VPC endpoint policy",
  grant: "grant",
};

/** A resource or principal of the model by its label, anything else unchanged. */
export function nameOf(questions: Questions, arn: string): string {
  const thing = questions.resource(arn);
  if (!thing) return arn;
  const slash = thing.kind === "bucket" ? arn.indexOf("/") : -1;
  return slash < 0 ? thing.label : `${thing.label}${arn.slice(slash)}`;
}

function accountOf(principal: string): string {
  const account = principal.split(":")[4] ?? "";
  return account === "" ? principal : `account ${account}`;
}
