/** Short words for writing policies, requests and labelled cases. */
import type {
  AccessPolicies,
  AccessRequest,
  ConditionElement,
  Decision,
  PolicyDocument,
  PolicyStatement,
  PrincipalElement,
  RequestContext,
} from "@feature-store-access/iam";

export const A = "111111111111";
export const B = "222222222222";
export const roleA = `arn:aws:iam::${A}:role/Writer`;
export const sessionA = `arn:aws:sts::${A}:assumed-role/Writer/job-1`;
export const userA = `arn:aws:iam::${A}:user/alice`;
export const rootA = `arn:aws:iam::${A}:root`;
export const rootB = `arn:aws:iam::${B}:root`;
export const sessionB = `arn:aws:sts::${B}:assumed-role/Reader/job-2`;
export const roleB = `arn:aws:iam::${B}:role/Reader`;
export const service = "sagemaker.amazonaws.com";
export const bucket = "arn:aws:s3:::sagemaker-offline-store";
export const object = `${bucket}/prefix/data.parquet`;
export const keyA = `arn:aws:kms:eu-central-1:${A}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** A labelled case. `source` names the AWS page (IAM User Guide, if nothing else is said) that decides it. */
export interface Case {
  readonly name: string;
  readonly source: string;
  readonly request: AccessRequest;
  readonly policies: AccessPolicies;
  readonly expected: Decision;
}

export const allowed = "Allowed" satisfies Decision;
export const denied = "ExplicitlyDenied" satisfies Decision;
export const implicit = "ImplicitlyDenied" satisfies Decision;

type Rest = Partial<PolicyStatement>;
/** `"*"` or one principal by ARN or ID, several, or the whole element. */
type Named = string | string[] | Exclude<PrincipalElement, "*">;

export function doc(...Statement: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

export function allow(
  Action: string | string[],
  Resource: string | string[] = "*",
  rest: Rest = {},
): PolicyStatement {
  return { Effect: "Allow", Action, Resource, ...rest };
}

export function deny(
  Action: string | string[],
  Resource: string | string[] = "*",
  rest: Rest = {},
): PolicyStatement {
  return { Effect: "Deny", Action, Resource, ...rest };
}

/** The statement with a Principal: an `AWS` one if it is a text or a list. */
export function to(principal: Named, statement: PolicyStatement): PolicyStatement {
  const element = principal === "*" || isElement(principal) ? principal : { AWS: principal };
  return { ...statement, Principal: element };
}

/** The statement with a NotPrincipal. */
export function notTo(principal: Named, statement: PolicyStatement): PolicyStatement {
  const element = principal === "*" || isElement(principal) ? principal : { AWS: principal };
  return { ...statement, NotPrincipal: element };
}

function isElement(principal: Named): principal is Exclude<PrincipalElement, "*"> {
  return typeof principal === "object" && !Array.isArray(principal);
}

export function when(statement: PolicyStatement, Condition: ConditionElement): PolicyStatement {
  return { ...statement, Condition };
}

export function ask(
  principal: string,
  action: string,
  resource: string,
  resourceAccount: string,
  context: RequestContext = {},
): AccessRequest {
  return { principal, action, resource, resourceAccount, context };
}

/** Cases that share a source. */
export function cases(
  source: string,
  rows: readonly (readonly [
    name: string,
    expected: Decision,
    request: AccessRequest,
    policies: Partial<AccessPolicies>,
  ])[],
): Case[] {
  return rows.map(([name, expected, request, policies]) => ({
    name,
    source,
    request,
    policies: { identity: [], ...policies },
    expected,
  }));
}
