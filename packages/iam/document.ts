/**
 * Reads documents once into a form that is quick to match. A document that IAM would reject is an error: no statement silently means less or
 * more than it says.
 * Source: "Grammar of the IAM JSON policy language", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { parseCondition, type Condition } from "./conditions/condition";
import { resourceMatcher } from "./arn";
import { PolicyError } from "./errors";
import { glob, type Matcher } from "./glob";
import type { DocumentPlace, PolicyDocument, PolicyStatement } from "./types";
import { hasVariables, hasVariablesInHead } from "./variables";

export interface CompiledStatement {
  readonly index: number;
  readonly source: PolicyStatement;
  /** Matchers of actions in lower case. */
  readonly actions: readonly Matcher[];
  readonly resources?: readonly ResourcePattern[];
  readonly conditions: readonly Condition[];
}

/** A pattern of a Resource element: a matcher, or a text whose variables each request fills in. */
export type ResourcePattern = Matcher | { readonly template: string; readonly completing: boolean };

type Kind = DocumentPlace["kind"];
type Fail = (problem: string) => never;

/** Compiled documents by kind: the same document may be valid as one kind of policy and invalid as another. */
const compiled = new Map<Kind, WeakMap<PolicyDocument, readonly CompiledStatement[]>>();

/** @throws PolicyError for a document that IAM would reject */
export function compile(document: PolicyDocument, place: DocumentPlace): readonly CompiledStatement[] {
  let kept = compiled.get(place.kind);
  if (!kept) compiled.set(place.kind, (kept = new WeakMap()));
  if (typeof document !== "object" || (document as unknown) === null)
    throw new PolicyError(place, undefined, "is not a JSON object");
  let statements = kept.get(document);
  if (!statements) kept.set(document, (statements = readDocument(document, place)));
  return statements;
}

function readDocument(document: PolicyDocument, place: DocumentPlace): CompiledStatement[] {
  const { Version = "2008-10-17", Statement } = document as Partial<PolicyDocument>;
  const unknown = Object.keys(document).find((key) => !["Version", "Id", "Statement"].includes(key));
  if (unknown !== undefined)
    throw new PolicyError(
      place,
      undefined,
      `has "${unknown}", which is not an element of a policy (Version, Id, Statement)`,
    );
  if (Version !== "2012-10-17" && Version !== "2008-10-17")
    throw new PolicyError(place, undefined, `Version "${Version}" is neither 2012-10-17 nor 2008-10-17`);
  if (typeof Statement !== "object" || (Statement as unknown) === null)
    throw new PolicyError(place, undefined, "has no Statement: add one, or a list of them");
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  return statements.map((source, index) => readStatement(source, index, place, Version === "2012-10-17"));
}

const ELEMENTS: ReadonlySet<string> = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

function readStatement(
  raw: unknown,
  index: number,
  place: DocumentPlace,
  variables: boolean,
): CompiledStatement {
  const fail: Fail = (problem) => {
    throw new PolicyError(place, index, problem);
  };
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return fail("is not a JSON object");
  const unknown = Object.keys(raw).find((key) => !ELEMENTS.has(key));
  // Ignoring an element, such as a misspelt Condition, would widen the statement.
  if (unknown !== undefined)
    fail(`has "${unknown}", which is not an element of a statement: ${[...ELEMENTS].join(", ")}`);
  const source = raw as PolicyStatement;
  const effect: unknown = source.Effect;
  if (effect !== "Allow" && effect !== "Deny") fail("Effect is neither Allow nor Deny");
  either(source.Action, source.NotAction, "Action", fail);
  if (source.Resource !== undefined && source.NotResource !== undefined)
    fail("has both Resource and NotResource: keep one");
  for (const element of ["Resource", "NotResource"] as const)
    if ((source[element] as unknown) === null) fail(`${element} is null`);
  checkPrincipal(source, place.kind, fail);
  if (place.kind !== "resource" && source.Resource === undefined && source.NotResource === undefined)
    fail("has no Resource: add one, or NotResource");
  const resources = source.Resource ?? source.NotResource;
  const completing = ["identity", "permissionsBoundary", "session"].includes(place.kind);
  // Policy variables are filled in from version 2012-10-17 on.
  const pattern = (text: string): ResourcePattern => {
    if (place.kind !== "resource" && !/^(arn:|[*?$]|\{)/.test(text))
      fail(`Resource "${text}" is not an ARN: write it in full (arn:...), or "*"`);
    if (!variables || !hasVariables(text)) return resourceMatcher(text, completing);
    return hasVariablesInHead(text) ? () => false : { template: text, completing };
  };
  return {
    index,
    source,
    actions: readActions(source, fail),
    ...(resources === undefined ? {} : { resources: texts(resources, "Resource", fail).map(pattern) }),
    conditions: readConditions(source.Condition, variables, fail),
  };
}

function checkPrincipal({ Principal, NotPrincipal }: PolicyStatement, kind: Kind, fail: Fail): void {
  const named = Principal !== undefined || NotPrincipal !== undefined;
  if (kind === "resource") either(Principal, NotPrincipal, "Principal", fail);
  else if (named && kind !== "vpcEndpoint" && kind !== "resourceControl")
    fail("has a Principal, which only a resource's policy has");
  const element: unknown = Principal ?? NotPrincipal;
  if (!named || element === "*") return;
  if (typeof element !== "object" || element === null || Array.isArray(element))
    return fail('Principal is neither "*" nor an object: write { "AWS": ... }, { "Service": ... } or "*"');
  if (Object.keys(element).length === 0) fail('Principal names nobody: write { "AWS": ... } or the like');
  for (const [type, value] of Object.entries(element)) {
    if (!["AWS", "Service", "Federated", "CanonicalUser"].includes(type))
      fail(`Principal has "${type}", which is none of AWS, Service, Federated and CanonicalUser`);
    texts(value, `Principal ${type}`, fail);
  }
}

function either(one: unknown, other: unknown, name: string, fail: Fail): void {
  if (one === undefined && other === undefined) fail(`has no ${name}: add one, or Not${name}`);
  if (one !== undefined && other !== undefined) fail(`has both ${name} and Not${name}: keep one`);
}

function readActions({ Action, NotAction }: PolicyStatement, fail: Fail): Matcher[] {
  return texts(Action ?? NotAction, "Action", fail).map((action) =>
    /^[^:]+:[^:]+$/.test(action) || /^\*+$/.test(action)
      ? glob(action.toLowerCase())
      : fail(
          action.includes(":")
            ? `Action "${action}" is not of the form service:Operation`
            : `Action "${action}" has no service: write it as service:Operation, or "*"`,
        ),
  );
}

/** The element as a list. An empty one is an error: under NotAction or NotResource it would match everything. */
function texts(value: unknown, name: string, fail: Fail): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (all.length === 0) fail(`${name} is empty`);
  return all.map((each) =>
    typeof each === "string" ? each : fail(`${name} holds ${JSON.stringify(each)}, which is not a string`),
  );
}

function readConditions(element: unknown, variables: boolean, fail: Fail): Condition[] {
  if (element === undefined) return [];
  return entries(element, "Condition", fail).flatMap(([operator, keys]) =>
    entries(keys, `Condition ${operator}`, fail).map(([key, value]) => {
      const values = (Array.isArray(value) ? value : [value]).map((each: unknown) =>
        ["string", "number", "boolean"].includes(typeof each)
          ? String(each)
          : fail(
              `Condition ${operator} of ${key} holds ${JSON.stringify(each)}: write a string, number or boolean`,
            ),
      );
      const condition = parseCondition(operator, key, values, variables);
      return typeof condition === "string" ? fail(`Condition ${condition}`) : condition;
    }),
  );
}

function entries(value: unknown, name: string, fail: Fail): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail(`${name} is not a JSON object`);
  return Object.entries(value);
}
