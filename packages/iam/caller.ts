/** Reads the principal of a request. */
import { splitArn } from "./arn";
import type { AccessRequest, RequestContext } from "./types";

export type ContextValue = RequestContext[string];

export interface Caller {
  readonly kind: "role" | "session" | "user" | "root" | "federated" | "provider" | "service" | "anonymous";
  /** The principal as the request names it. */
  readonly arn: string;
  /** The value of `aws:PrincipalArn`: for a session, its role's ARN. */
  readonly principalArn: string;
  /** 12 digits; empty for services and anonymous. */
  readonly account: string;
  /** Name of the role or user, without its path. */
  readonly name: string;
  /** `AROA...` or `AIDA...`, from the request's `aws:userid`. */
  readonly uniqueId?: string;
  /** True for a session without its role's path in the request: `principalArn` then has the role's name only. */
  readonly pathUnknown: boolean;
  /** True for a role of an AWS service: control policies do not restrict it. */
  readonly serviceLinked: boolean;
}

/** @throws TypeError for a principal in none of the forms that `AccessRequest` lists */
export function callerOf({ principal }: AccessRequest, given: ReadonlyMap<string, ContextValue>): Caller {
  const told = textOf(given, TOLD) ?? "";
  const uniqueId = textOf(given, "aws:userid")?.split(":")[0] ?? "";
  const key = `${principal}\n${told}\n${uniqueId}`;
  let caller = kept.get(key);
  if (!caller) {
    caller = read(principal, given);
    if (kept.size >= 10_000) kept.clear();
    kept.set(key, caller);
  }
  return caller;
}

const TOLD = "aws:principalarn";

/** Callers by principal, role ARN and unique ID, as each makes many requests. */
const kept = new Map<string, Caller>();

function read(principal: string, given: ReadonlyMap<string, ContextValue>): Caller {
  const base = {
    arn: principal,
    principalArn: principal,
    account: "",
    name: "",
    serviceLinked: false,
    pathUnknown: false,
  };
  if (principal === "anonymous" || principal === "*") return { ...base, arn: "anonymous", kind: "anonymous" };
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(principal)) return { ...base, kind: "service" };
  if (WEB_IDENTITY.test(principal)) return { ...base, kind: "provider" };
  if (/^\d{12}$/.test(principal)) return read(`arn:aws:iam::${principal}:root`, given);
  const parts = splitArn(principal);
  const [, partition = "", service = "", , account = "", resource = ""] = parts ?? [];
  const [type = "", ...rest] = resource.split("/");
  const last = rest[rest.length - 1] ?? "";
  const known = { ...base, account, uniqueId: textOf(given, "aws:userid")?.split(":")[0] };
  if (service === "iam" && resource === "root") return { ...known, kind: "root" };
  if (service === "iam" && type === "user" && last !== "") return { ...known, kind: "user", name: last };
  if (service === "iam" && type === "role" && last !== "")
    return { ...known, kind: "role", name: last, serviceLinked: rest[0] === "aws-service-role" };
  if (service === "sts" && type === "assumed-role" && rest.length >= 2) {
    const [name = ""] = rest;
    const told = ownRole(given, `arn:${partition}:iam::${account}:role/`, name);
    const pathUnknown = told === undefined;
    const principalArn = told ?? `arn:${partition}:iam::${account}:role/${name}`;
    // Without its path a service-linked role is recognized by the prefix of its name.
    const serviceLinked = pathUnknown
      ? name.startsWith("AWSServiceRoleFor")
      : principalArn.includes(":role/aws-service-role/");
    return { ...known, kind: "session", name, principalArn, serviceLinked, pathUnknown };
  }
  if (service === "sts" && type === "federated-user" && last !== "")
    return { ...known, kind: "federated", name: last };
  if (service === "iam" && /^(oidc|saml)-provider$/.test(type) && last !== "")
    return { ...base, kind: "provider", account };
  throw new TypeError(
    `"${principal}" is not a principal: give the ARN of a role, an assumed-role session, a user, an identity provider or an account root, a service principal, or "anonymous"`,
  );
}

/**
 * The role's ARN with its path, which a session's ARN lacks, if the request has it in aws:PrincipalArn. Another role's ARN there does not
 * make the caller that role.
 */
function ownRole(given: ReadonlyMap<string, ContextValue>, roles: string, name: string): string | undefined {
  const told = textOf(given, TOLD);
  return told?.startsWith(roles) && told.slice(told.lastIndexOf("/") + 1) === name ? told : undefined;
}

function textOf(given: ReadonlyMap<string, ContextValue>, key: string): string | undefined {
  const value = given.get(key);
  return typeof value === "string" ? value : value?.[0];
}

/**
 * Providers of web identities that IAM knows by name.
 * Source: "AWS JSON policy elements: Principal", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html (OIDC session principals)
 */
const WEB_IDENTITY = /^(accounts\.google\.com|www\.amazon\.com|graph\.facebook\.com)$/;
