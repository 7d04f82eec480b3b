/**
 * Statements that allow the action and miss the request by one thing: another resource, another principal, or a
 * condition that the request does not meet. Most missing allows come from such a statement, so an explanation names it.
 */
import type { Question, Questions } from "./ask";
import { type AccessRequest, evaluate, type PolicyStatement } from "@feature-store-access/iam";
import { statementName } from "./findings";
import { list } from "./lists";
import type { ModelDocument } from "./model";

/** More of them would hide the one that matters. */
const MOST = 2;

/** In words, of the documents of one side: "statement 2 "ReadResults" of bucket policy x allows it on ... only". */
export function nearMisses(
  questions: Questions,
  question: Question,
  side: "identity" | "resource",
  documents: readonly ModelDocument[],
): string[] {
  const { request } = questions.evaluationOf(question);
  return documents
    .flatMap((document) =>
      list(document.document.Statement).flatMap((statement, index) => {
        if (statement.Effect !== "Allow") return [];
        const miss = missOf(statement, request, side);
        return miss === undefined ? [] : [`${document.name}, ${statementName(index, statement)}, ${miss}`];
      }),
    )
    .slice(0, MOST);
}

/** The one thing by which the statement misses the request; undefined if there is none, or more than one. */
function missOf(
  statement: PolicyStatement,
  request: AccessRequest,
  side: "identity" | "resource",
): string | undefined {
  const { Principal, NotPrincipal, Resource, NotResource, Condition = {}, ...rest } = statement;
  const anyone = side === "resource" ? { Principal: "*" as const } : {};
  const open: PolicyStatement = { ...rest, ...anyone, Resource: "*" };
  const matches = (limited: Partial<PolicyStatement>) => isMet({ ...open, ...limited }, request, side);
  if (!matches({})) return undefined;
  const misses: string[] = [];
  if (Resource !== undefined && !matches({ Resource }))
    misses.push(`allows it on ${list(Resource).join(", ")} only`);
  if (NotResource !== undefined && !isMet(without({ ...open, NotResource }, "Resource"), request, side))
    misses.push(`leaves it out by NotResource`);
  if (Principal !== undefined && !matches({ Principal }))
    misses.push(`allows it to ${principalWords(Principal)} only`);
  if (NotPrincipal !== undefined && !isMet(without({ ...open, NotPrincipal }, "Principal"), request, side))
    misses.push("leaves it out by NotPrincipal");
  for (const [operator, keys] of Object.entries(Condition))
    for (const [key, values] of Object.entries(keys))
      if (!matches({ Condition: { [operator]: { [key]: values } } }))
        misses.push(
          `allows it only if ${operator} ${key} ${list(values).join(" or ")}${valueWords(key, request)}`,
        );
  return misses.length === 1 ? misses[0] : undefined;
}

/** A denying statement takes effect on its own; no other policy has to repeat it. */
function isMet(statement: PolicyStatement, request: AccessRequest, side: "identity" | "resource"): boolean {
  const document = { Version: "2012-10-17", Statement: [{ ...statement, Effect: "Deny" as const }] };
  try {
    const policies = side === "identity" ? { identity: [document] } : { identity: [], resource: document };
    return evaluate(request, policies).result === "ExplicitlyDenied";
  } catch {
    // A document that AWS would reject is reported as such.
    return false;
  }
}

function without(statement: PolicyStatement, element: keyof PolicyStatement): PolicyStatement {
  return Object.fromEntries(
    Object.entries(statement).filter(([key]) => key !== element),
  ) as unknown as PolicyStatement;
}

function principalWords(principal: NonNullable<PolicyStatement["Principal"]>): string {
  return typeof principal === "string"
    ? principal
    : Object.values(principal)
        .flatMap((each) => list(each))
        .join(", ");
}

/** The request's value of the key, if it gives one itself; values that follow from its principal and resource are left out. */
function valueWords(key: string, { context = {} }: AccessRequest): string {
  const [, value] = Object.entries(context).find(([each]) => each.toLowerCase() === key.toLowerCase()) ?? [];
  return value === undefined ? "" : `, and the request has ${list(value).join(", ")}`;
}
