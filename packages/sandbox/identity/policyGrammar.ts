/**
 * The grammar of policy documents, as IAM checks it before storing one. Messages are AWS's.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import {
  type ConditionElement,
  evaluate,
  type OneOrMany,
  type PolicyDocument,
  PolicyError,
  type PolicyStatement,
} from "@feature-store-access/iam";
import { AwsError } from "../core";

/** `identity` is a role's, user's or session's policy; `trust` is a role's trust policy. */
export type PolicyKind = "identity" | "trust";

const versions = ["2012-10-17", "2008-10-17"];
const documentMembers = ["Version", "Id", "Statement"];
const statementMembers = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];
const operator =
  /^(ForAllValues:|ForAnyValue:)?((String(Equals|NotEquals|EqualsIgnoreCase|NotEqualsIgnoreCase|Like|NotLike)|Numeric(Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Date(Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Equals|NotEquals|Like|NotLike))(IfExists)?|Null)$/i;

/** Parses and checks a policy. @throws AwsError `MalformedPolicyDocument` (400) with AWS's message */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(kind === "trust" ? "This policy contains invalid Json" : "Syntax errors in policy.");
  }
  if (!isObject(value) || hasOther(value, documentMembers)) throw malformed("Syntax errors in policy.");
  if (value.Version !== undefined && !versions.includes(value.Version as string))
    throw malformed("The policy must contain a valid version string.");
  const statements = Array.isArray(value.Statement) ? (value.Statement as unknown[]) : [value.Statement];
  if (value.Statement === undefined || (kind === "trust" && statements.length === 0))
    throw malformed("Syntax errors in policy.");
  for (const statement of statements) checkStatement(statement, kind);
  const sids = (statements as PolicyStatement[]).map(({ Sid }) => Sid).filter(Boolean);
  if (new Set(sids).size < sids.length)
    throw malformed("Statement IDs (SID) in a single policy must be unique.");
  const document = value as unknown as PolicyDocument;
  tryOut(document, kind);
  return document;
}

/** Asks the evaluation one question: a policy that it cannot read must not be stored, or every later request would fail. */
function tryOut(document: PolicyDocument, kind: PolicyKind): void {
  const question = {
    principal: "arn:aws:iam::000000000000:user/nobody",
    action: "sts:AssumeRole",
    resource: "*",
    resourceAccount: "000000000000",
  };
  try {
    evaluate(question, kind === "trust" ? { identity: [], resource: document } : { identity: [document] });
  } catch (error) {
    if (error instanceof PolicyError) throw malformed(`Syntax errors in policy. (${error.message})`);
    throw error;
  }
}

function checkStatement(statement: unknown, kind: PolicyKind): void {
  if (!isObject(statement) || hasOther(statement, statementMembers))
    throw malformed("Syntax errors in policy.");
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } =
    statement;
  if (Effect !== "Allow" && Effect !== "Deny") throw malformed("Syntax errors in policy.");
  if (Sid !== undefined && typeof Sid !== "string") throw malformed("Syntax errors in policy.");
  if (kind === "identity" && !/^[0-9A-Za-z]*$/.test(Sid ?? ""))
    throw malformed(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    );
  const actions = oneOf(Action, NotAction, "Policy statement must contain actions.");
  for (const action of actions)
    if (action !== "*" && !/^[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+$/.test(action))
      throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  if (Condition !== undefined) checkCondition(Condition);
  if (kind === "trust") {
    if (Resource !== undefined || NotResource !== undefined) throw malformed("Has prohibited field Resource");
    if (Principal === undefined && NotPrincipal === undefined)
      throw malformed("Missing required field Principal");
    checkPrincipal(Principal ?? NotPrincipal);
    if (actions.some((action) => action !== "*" && !action.toLowerCase().startsWith("sts:")))
      throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
    return;
  }
  if (Principal !== undefined || NotPrincipal !== undefined)
    throw malformed("Policy document should not specify a principal.");
  for (const resource of oneOf(Resource, NotResource, "Policy statement must contain resources."))
    if (!/^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.*)$/s.test(resource))
      throw malformed(`Resource ${resource} must be in ARN format or "*".`);
}

/** The strings of exactly one of two mutually exclusive elements. */
function oneOf(positive: unknown, negative: unknown, absent: string): readonly string[] {
  if (positive !== undefined && negative !== undefined) throw malformed("Syntax errors in policy.");
  const strings = asStrings(positive ?? negative);
  if (strings === undefined) throw malformed("Syntax errors in policy.");
  if (strings.length === 0) throw malformed(absent);
  return strings;
}

/** Undefined for anything but a string or a list of strings; an absent element is an empty list. */
function asStrings(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === "string") return [value];
  return Array.isArray(value) && value.every((entry) => typeof entry === "string") ? value : undefined;
}

function checkPrincipal(value: unknown): asserts value is "*" | Record<string, OneOrMany> {
  if (value === "*") return;
  if (!isObject(value) || Object.keys(value).length === 0) throw malformed("Syntax errors in policy.");
  for (const [kind, principals] of Object.entries(value)) {
    if (!["AWS", "Service", "Federated", "CanonicalUser"].includes(kind))
      throw malformed(`Invalid principal in policy: "${kind}":${JSON.stringify(principals)}`);
    if (!asStrings(principals)?.length) throw malformed("Syntax errors in policy.");
  }
}

function checkCondition(value: unknown): asserts value is ConditionElement {
  if (!isObject(value)) throw malformed("Syntax errors in policy.");
  for (const [name, keys] of Object.entries(value)) {
    if (!operator.test(name)) throw malformed(`Invalid Condition type : ${name}.`);
    if (!isObject(keys)) throw malformed("Syntax errors in policy.");
    for (const [key, values] of Object.entries(keys)) {
      if (!key.includes(":"))
        throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      const list: unknown[] = Array.isArray(values) ? values : [values];
      if (!list.every((entry) => ["string", "number", "boolean"].includes(typeof entry)))
        throw malformed("Syntax errors in policy.");
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasOther(value: Readonly<Record<string, unknown>>, members: readonly string[]): boolean {
  return Object.keys(value).some((name) => !members.includes(name));
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocument", message);
}

/** The length that quotas count, without white space. */
export function policyLength(text: string): number {
  return text.replace(/\s/g, "").length;
}
