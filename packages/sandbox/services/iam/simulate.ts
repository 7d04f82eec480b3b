/**
 * Decisions of policies without a request, by the evaluation that decides every request of the sandbox.
 * Source: IAM API Reference, "SimulatePrincipalPolicy", "SimulateCustomPolicy".
 */
import {
  type AccessPolicies,
  evaluate,
  type Evaluation,
  glob,
  type PolicyDocument,
  PolicyError,
  type RequestContext,
} from "@feature-store-access/iam";
import { managedDocument } from "../../identity/documents";
import { AwsError } from "../../core";
import { findRole, findUser, type Entity } from "../../identity/state";
import { parsePolicy } from "../../identity/policyGrammar";
import { checkText, rules, validationError } from "../../protocol/validation";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { contextKeys } from "./contextKeys";
import { noSuchEntity, resourceTags, type IamOperation, type IamRequest } from "./request";

interface Named {
  /** The simulator's name for it: `PolicyInputList.1`, `role_NAME_POLICY`, or a managed policy's name. */
  readonly id: string;
  readonly document: PolicyDocument;
}

interface Simulation {
  readonly principal: string;
  /** The account of the policies' owner, and of resources whose ARN names none. */
  readonly account: string;
  readonly identity: readonly Named[];
  readonly boundary: readonly Named[];
}

const invalidInput = (message: string) => new AwsError("InvalidInput", message);

function inputs(request: IamRequest, name: string): Named[] {
  const texts = request.parameters.strings(name) ?? [];
  return texts.map((text, index) => ({ id: `${name}.${index + 1}`, document: parsed(text) }));
}

function parsed(text: string): PolicyDocument {
  try {
    return parsePolicy(text, "identity");
  } catch (error) {
    if (error instanceof AwsError) throw invalidInput(error.message);
    throw error;
  }
}

/** The user or role of `PolicySourceArn`, after checking that the caller may ask about it. @throws AwsError `NoSuchEntity` (404) */
function source(request: IamRequest): Entity {
  const arn = checkText(request.parameters.required("PolicySourceArn"), "policySourceArn", rules.arn);
  if (!/^arn:aws:iam::\d{12}:(user|role)\/.+$/.test(arn))
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const entity = findRole(request.store, arn) ?? findUser(request.store, arn);
  request.authorize(arn, resourceTags(entity?.tags ?? []));
  if (!entity) throw noSuchEntity(`The entity ${arn} cannot be found.`);
  return entity;
}

function policiesOf(request: IamRequest, entity: Entity): Named[] {
  const kind = entity.id.startsWith("AROA") ? "role" : "user";
  return [
    ...Object.entries(entity.inline).map(([name, text]) => ({
      id: `${kind}_${entity.name}_${name}`,
      document: JSON.parse(text) as PolicyDocument,
    })),
    ...entity.attached.map((arn) => ({
      id: request.findPolicy(arn)?.name ?? arn,
      document: managedDocument(request.store, arn),
    })),
  ];
}

function simulatePrincipal(request: IamRequest): XmlContent {
  const entity = source(request);
  const limits = inputs(request, "PermissionsBoundaryPolicyInputList");
  const own =
    entity.boundary === undefined
      ? []
      : [{ id: entity.boundary, document: managedDocument(request.store, entity.boundary) }];
  return simulate(request, {
    principal: request.parameters.get("CallerArn") ?? entity.arn,
    account: entity.account,
    identity: [...policiesOf(request, entity), ...inputs(request, "PolicyInputList")],
    boundary: limits.length > 0 ? limits : own,
  });
}

function simulateCustom(request: IamRequest): XmlContent {
  request.authorize("*");
  const { parameters, account } = request;
  const caller = parameters.get("CallerArn");
  if (parameters.get("ResourcePolicy") !== undefined && caller === undefined)
    throw invalidInput("CallerArn is required where ResourcePolicy is given.");
  if ((parameters.strings("PolicyInputList") ?? []).length === 0)
    throw validationError("null", "policyInputList", "Member must not be null");
  return simulate(request, {
    principal: caller ?? `arn:aws:iam::${account}:user/simulated`,
    account: caller?.split(":")[4] ?? account,
    identity: inputs(request, "PolicyInputList"),
    boundary: inputs(request, "PermissionsBoundaryPolicyInputList"),
  });
}

function simulate(request: IamRequest, simulation: Simulation): XmlContent {
  const { parameters } = request;
  const actions = parameters.strings("ActionNames") ?? [];
  if (actions.length === 0) throw validationError("null", "actionNames", "Member must not be null");
  const odd = actions.find((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action));
  if (odd !== undefined) throw invalidInput(`Invalid action: ${odd}`);
  const resources = parameters.strings("ResourceArns") ?? ["*"];
  const text = parameters.get("ResourcePolicy");
  const resource = text === undefined ? undefined : resourcePolicyOf(text);
  const context = entriesOf(request);
  const questions = actions.flatMap((action) => resources.map((arn) => ({ action, resource: arn })));
  const { entries, paging } = request.page(
    questions.map((question, index) => ({ question, place: String(index).padStart(8, "0") })),
    ({ place }) => place,
  );
  return {
    EvaluationResults: members(
      entries.map(({ question }) => result(request, simulation, question, resource, context)),
    ),
    ...paging,
  };
}

function resourcePolicyOf(text: string): PolicyDocument {
  try {
    const document = JSON.parse(text) as PolicyDocument | null;
    if (typeof document === "object" && document?.Statement !== undefined) return document;
  } catch {
    // Handled like any other text that is not a policy.
  }
  throw invalidInput("ResourcePolicy is not a valid policy document.");
}

function result(
  request: IamRequest,
  simulation: Simulation,
  { action, resource }: { action: string; resource: string },
  resourcePolicy: PolicyDocument | undefined,
  context: RequestContext,
): XmlContent {
  const { principal, account, identity, boundary } = simulation;
  const owner = /^arn:aws:iam::(\d{12}):root$/.exec(request.parameters.get("ResourceOwner") ?? "")?.[1];
  const named = /^\d{12}$/.exec(resource.split(":")[4] ?? "")?.[0];
  const policies: AccessPolicies = {
    identity: identity.map(({ document }) => document),
    ...(boundary.length > 0 ? { permissionsBoundary: boundary.map(({ document }) => document) } : {}),
    ...(resourcePolicy ? { resource: resourcePolicy } : {}),
  };
  const known: RequestContext = {
    "aws:PrincipalArn": principal,
    "aws:PrincipalAccount": account,
    ...context,
  };
  const evaluation = tried(() =>
    evaluate(
      { principal, action, resource, resourceAccount: named ?? owner ?? account, context: known },
      policies,
    ),
  );
  const { result: decision } = evaluation;
  const documents = [
    ...policies.identity,
    ...(policies.permissionsBoundary ?? []),
    ...(resourcePolicy ? [resourcePolicy] : []),
  ];
  const given = new Set(Object.keys(known).map((key) => key.toLowerCase()));
  const asked = contextKeys(documents, ({ Action }) =>
    [Action ?? []].flat().some((each) => glob(each.toLowerCase())(action.toLowerCase())),
  );
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision:
      decision === "Allowed" ? "allowed" : decision === "ExplicitlyDenied" ? "explicitDeny" : "implicitDeny",
    MatchedStatements: members(matched(evaluation, simulation)),
    MissingContextValues: members(asked.filter((key) => !given.has(key.toLowerCase()))),
    ...(boundary.length > 0
      ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: isWithin(evaluation) } }
      : {}),
  };
}

function matched({ statements }: Evaluation, { identity, boundary }: Simulation): XmlContent[] {
  const names = statements.map(({ document: { kind, index } }) => ({
    SourcePolicyId:
      (kind === "identity"
        ? identity[index]?.id
        : kind === "permissionsBoundary"
          ? boundary[index]?.id
          : undefined) ?? "ResourcePolicy",
    SourcePolicyType: kind === "resource" ? "Resource Policy" : "IAM Policy",
  }));
  return names.filter(
    (name, index) => names.findIndex((other) => other.SourcePolicyId === name.SourcePolicyId) === index,
  );
}

function isWithin({ missing, statements, result: decision }: Evaluation): boolean {
  const denies =
    decision === "ExplicitlyDenied" &&
    statements.some(({ document }) => document.kind === "permissionsBoundary");
  return !denies && !missing.includes("permissionsBoundary");
}

/** The simulated request's context: one value per key, or a list. */
function entriesOf(request: IamRequest): RequestContext {
  const context: Record<string, string | string[]> = {};
  for (const entry of request.parameters.structures("ContextEntries") ?? []) {
    const values = entry.strings("ContextKeyValues") ?? [];
    const isList = (entry.get("ContextKeyType") ?? "string").endsWith("List");
    context[entry.required("ContextKeyName")] = isList ? values : (values[0] ?? "");
  }
  return context;
}

/** Policies that the evaluation cannot read, and invalid principals, are errors of the request. */
function tried(question: () => Evaluation): Evaluation {
  try {
    return question();
  } catch (error) {
    if (error instanceof PolicyError || error instanceof TypeError) throw invalidInput(error.message);
    throw error;
  }
}

export const simulateOperations: Readonly<Record<string, IamOperation>> = {
  SimulatePrincipalPolicy: simulatePrincipal,
  SimulateCustomPolicy: simulateCustom,
  GetContextKeysForCustomPolicy(request) {
    request.authorize("*");
    const documents = inputs(request, "PolicyInputList").map(({ document }) => document);
    return { ContextKeyNames: members(contextKeys(documents)) };
  },
  GetContextKeysForPrincipalPolicy(request) {
    const all = [...policiesOf(request, source(request)), ...inputs(request, "PolicyInputList")];
    return { ContextKeyNames: members(contextKeys(all.map(({ document }) => document))) };
  },
};
