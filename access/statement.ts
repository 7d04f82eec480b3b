/** Documents, read once into a form that is quick to ask, and the question whether a statement applies to a request. */
import { arnMatches, splitArn } from "./arn";
import type { Caller } from "./caller";
import { holds, parseCondition, type Condition } from "./conditions/condition";
import type { Context } from "./context";
import { PolicyError } from "./errors";
import { glob } from "./glob";
import { isSpared, principalMatch, type PrincipalMatch } from "./principal";
import type { DocumentPlace, OneOrMany, PolicyDocument, PolicyStatement } from "./types";
import { asText, hasVariables, resolve } from "./variables";

export interface Asked {
  readonly caller: Caller;
  /** Lower case. */
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

export interface CompiledStatement {
  readonly index: number;
  readonly source: PolicyStatement;
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly conditions: readonly Condition[];
  readonly variables: boolean;
}

const compiled = new WeakMap<PolicyDocument, readonly CompiledStatement[]>();

/** @throws PolicyError for a document that IAM would not take */
export function compile(document: PolicyDocument, place: DocumentPlace): readonly CompiledStatement[] {
  const known = compiled.get(document);
  if (known) return known;
  const statements = readDocument(document, place);
  compiled.set(document, statements);
  return statements;
}

/** True if the statement is about the request's action and resource and its conditions hold; of whom, is not asked here. */
export function concerns(statement: CompiledStatement, asked: Asked): boolean {
  const { source } = statement;
  const named = statement.actions.some((pattern) => glob(pattern)(asked.action));
  if (named !== (source.Action !== undefined)) return false;
  if (statement.resources) {
    const met = statement.resources.some((pattern) => resourceFits(pattern, statement.variables, asked));
    if (met !== (source.Resource !== undefined)) return false;
  }
  return statement.conditions.every((condition) => holds(condition, asked.context));
}

/**
 * How a resource policy's statement reaches the caller; undefined if it does not. For a Deny the strength has no
 * meaning: it reaches or it does not.
 */
export function reaches({ source }: CompiledStatement, caller: Caller): PrincipalMatch | undefined {
  if (source.Principal !== undefined) return principalMatch(source.Principal, caller);
  if (source.NotPrincipal === undefined) return undefined;
  if (source.Effect === "Deny") return isSpared(source.NotPrincipal, caller) ? undefined : "self";
  return principalMatch(source.NotPrincipal, caller) === undefined ? "everyone" : undefined;
}

function resourceFits(pattern: string, variables: boolean, { resource, context }: Asked): boolean {
  if (pattern === "*") return true;
  if (!variables || !hasVariables(pattern)) return matchesResource(pattern, resource);
  const filled = resolve(pattern, context);
  return filled !== undefined && matchesResource(filled, asText(resource));
}

/** A pattern that is no whole ARN (`arn:aws:s3*`) is compared as text. */
function matchesResource(pattern: string, resource: string): boolean {
  return splitArn(pattern) ? arnMatches(pattern, resource) : glob(pattern)(resource);
}

function readDocument(document: PolicyDocument, place: DocumentPlace): CompiledStatement[] {
  if (typeof document !== "object" || document === null)
    throw new PolicyError(place, undefined, "is not a JSON object");
  const { Version = "2008-10-17", Statement } = document;
  if (Version !== "2012-10-17" && Version !== "2008-10-17")
    throw new PolicyError(place, undefined, `Version "${Version}" is neither 2012-10-17 nor 2008-10-17`);
  if (typeof Statement !== "object" || Statement === null)
    throw new PolicyError(place, undefined, "has no Statement");
  const statements = Array.isArray(Statement)
    ? (Statement as readonly PolicyStatement[])
    : [Statement as PolicyStatement];
  return statements.map((source, index) => readStatement(source, index, place, Version === "2012-10-17"));
}

function readStatement(
  source: PolicyStatement,
  index: number,
  place: DocumentPlace,
  variables: boolean,
): CompiledStatement {
  const fail = (problem: string): never => {
    throw new PolicyError(place, index, problem);
  };
  if (source.Effect !== "Allow" && source.Effect !== "Deny") fail("Effect is neither Allow nor Deny");
  either(source.Action, source.NotAction, "Action", fail);
  if (source.Resource !== undefined && source.NotResource !== undefined)
    fail("has both Resource and NotResource");
  const inResourcePolicy = place.kind === "resource";
  const named = source.Principal !== undefined || source.NotPrincipal !== undefined;
  if (inResourcePolicy) either(source.Principal, source.NotPrincipal, "Principal", fail);
  else if (named && place.kind !== "vpcEndpoint" && place.kind !== "resourceControl")
    fail("has a Principal, which only a resource's policy has");
  if (!inResourcePolicy && source.Resource === undefined && source.NotResource === undefined)
    fail("has no Resource");
  const resources = source.Resource ?? source.NotResource;
  return {
    index,
    source,
    actions: texts(source.Action ?? source.NotAction ?? [], "Action", fail).map((action) =>
      action.toLowerCase(),
    ),
    ...(resources === undefined ? {} : { resources: texts(resources, "Resource", fail) }),
    conditions: readConditions(source, variables, fail),
    variables,
  };
}

function either(one: unknown, other: unknown, name: string, fail: (problem: string) => never): void {
  if (one === undefined && other === undefined) fail(`has no ${name}`);
  if (one !== undefined && other !== undefined) fail(`has both ${name} and Not${name}`);
}

function texts(value: OneOrMany, name: string, fail: (problem: string) => never): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.map((each) =>
    typeof each === "string" ? each : fail(`${name} holds ${JSON.stringify(each)}, which is no text`),
  );
}

function readConditions(
  source: PolicyStatement,
  variables: boolean,
  fail: (problem: string) => never,
): Condition[] {
  return Object.entries(source.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => {
      const values = (Array.isArray(value) ? value : [value]) as readonly (string | number | boolean)[];
      const condition = parseCondition(operator, key, values.map(String), variables);
      return typeof condition === "string" ? fail(`condition ${condition}`) : condition;
    }),
  );
}
