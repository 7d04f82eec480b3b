/**
 * The Principal and NotPrincipal elements.
 * Source: "AWS JSON policy elements: Principal", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import { splitArn } from "./arn";
import type { Caller } from "./caller";
import type { OneOrMany, PrincipalElement } from "./types";

/**
 * How a statement names the caller, the strongest first: `everyone` (`*`, which no boundary of a role limits), `self` (its own ARN or unique
 * ID; for a session the session's), `role` (the role of a session), `account` (its account, which delegates to its own IAM).
 */
export type PrincipalMatch = "everyone" | "self" | "role" | "account";

const STRENGTH: readonly PrincipalMatch[] = ["everyone", "self", "role", "account"];

/** The strongest match between the element and the caller, or undefined if the element does not name the caller. */
export function principalMatch(element: PrincipalElement, caller: Caller): PrincipalMatch | undefined {
  const found = new Set<PrincipalMatch>();
  for (const [kind, value] of entriesOf(element)) {
    const match = oneMatch(kind, value, caller);
    if (match) found.add(match);
  }
  return STRENGTH.find((match) => found.has(match));
}

/**
 * True if a Deny with this NotPrincipal exempts the caller: the element must list its account, for a session its role, and itself
 * ("you must also specify the account ARN").
 * Source: "AWS JSON policy elements: NotPrincipal", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function isExempt(element: PrincipalElement, caller: Caller): boolean {
  const found = new Set(entriesOf(element).map(([kind, value]) => oneMatch(kind, value, caller)));
  if (found.has("everyone")) return true;
  switch (caller.kind) {
    case "anonymous":
      return false;
    case "service":
    case "provider":
    case "root":
      return found.has("self");
    case "session":
      return found.has("self") && found.has("role") && found.has("account");
    default:
      return found.has("self") && found.has("account");
  }
}

function entriesOf(element: PrincipalElement): [string, string][] {
  if (typeof element === "string") return [["AWS", element]];
  return Object.entries(element).flatMap(([kind, values]) =>
    list(values).map((value): [string, string] => [kind, value]),
  );
}

function oneMatch(kind: string, value: string, caller: Caller): PrincipalMatch | undefined {
  switch (kind) {
    case "AWS":
      return awsMatch(value, caller);
    case "Service":
      return caller.kind === "service" && value === caller.arn ? "self" : undefined;
    case "Federated":
      return value === caller.arn && (caller.kind === "provider" || caller.kind === "service")
        ? "self"
        : undefined;
    default:
      return undefined;
  }
}

function awsMatch(value: string, caller: Caller): PrincipalMatch | undefined {
  if (value === "*") return "everyone";
  if (caller.kind === "anonymous" || caller.kind === "service" || caller.kind === "provider")
    return undefined;
  if (namesAccount(value, caller)) return caller.kind === "root" ? "self" : "account";
  if (value === caller.arn) return "self";
  if (value === caller.uniqueId) return caller.kind === "session" ? "role" : "self";
  if (caller.kind === "session" && isRole(value, caller)) return "role";
  return caller.kind === "role" && isRole(value, caller) ? "self" : undefined;
}

/**
 * True if the ARN names the caller's role. AWS keeps the role's unique ID in place of the ARN, and role names are unique in an
 * account regardless of case and path: if the path is unknown, the name decides, regardless of case.
 * Source: "IAM identifiers", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
function isRole(value: string, caller: Caller): boolean {
  const wanted = splitArn(value);
  const given = splitArn(caller.principalArn);
  if (!wanted || !given || wanted[1] !== given[1] || wanted[2] !== "iam" || wanted[4] !== given[4])
    return false;
  const [path = "", name] = pathAndName(wanted[5] ?? "");
  const [givenPath = "", givenName] = pathAndName(given[5] ?? "");
  if (!path.startsWith("role/") || name?.toLowerCase() !== givenName?.toLowerCase()) return false;
  return caller.pathUnknown || path === givenPath;
}

function pathAndName(resource: string): [string, string] {
  const slash = resource.lastIndexOf("/") + 1;
  return [resource.slice(0, slash), resource.slice(slash)];
}

/** True if the value is the caller's account: `ID`, or `arn:PARTITION:iam::ID:root`. */
function namesAccount(value: string, caller: Caller): boolean {
  if (value === caller.account) return true;
  const parts = splitArn(value);
  return parts?.[2] === "iam" && parts[4] === caller.account && parts[5] === "root";
}

function list(value: OneOrMany): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
