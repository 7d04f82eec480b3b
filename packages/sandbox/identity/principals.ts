/**
 * Principals that policies name. AWS stores the unique ID of a role or user instead of its ARN, so that a policy does not open to another
 * principal that is later created with the same name, and rejects principals that do not exist.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
import type { OneOrMany, PolicyDocument, PolicyStatement, PrincipalElement } from "@feature-store-access/iam";
import { AwsError, type Principals, type Store } from "../core";
import { serviceSession } from "./credentials";
import { entityKey, findById, findRole, findUser, roles } from "./state";

export function createPrincipals(store: Store, accountExists: (id: string) => boolean): Principals {
  return {
    keep: (document, code) =>
      mapPrincipals(document, (kind, value) => {
        const kept = keepPrincipal(store, accountExists, kind, value);
        if (kept === undefined) throw invalidPrincipal(code, kind, value);
        return kept;
      }),
    show: (document) =>
      mapPrincipals(document, (kind, value) => (kind === "AWS" ? showPrincipal(store, value) : value)),
    roleCaller: (roleArn, sessionName) => serviceSession(store, roleArn, sessionName),
  };
}

function invalidPrincipal(
  code: "MalformedPolicy" | "MalformedPolicyDocument" | "MalformedPolicyDocumentException",
  kind: string,
  value: string,
): AwsError {
  switch (code) {
    case "MalformedPolicy":
      return new AwsError(code, "Invalid principal in policy", 400, { Detail: `"${kind}" : "${value}"` });
    case "MalformedPolicyDocument":
      return new AwsError(
        code,
        `Invalid principal in policy: "${kind === "Service" ? "SERVICE" : kind}":"${value}"`,
      );
    case "MalformedPolicyDocumentException":
      return new AwsError(code, "Policy contains a statement with one or more invalid principals.");
  }
}

/** The form in which AWS stores a principal; undefined if it does not exist. */
function keepPrincipal(
  store: Store,
  accountExists: (id: string) => boolean,
  kind: string,
  value: string,
): string | undefined {
  switch (kind) {
    case "AWS":
      return keepAwsPrincipal(store, accountExists, value);
    case "Service":
      return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(value) ? value : undefined;
    case "Federated":
      return /^(arn:aws:iam::\d{12}:(saml-provider|oidc-provider)\/.+|[a-z0-9.-]+\.[a-z]+)$/.test(value)
        ? value
        : undefined;
    case "CanonicalUser":
      return /^[0-9a-f]{64}$/.test(value) ? value : undefined;
    default:
      return undefined;
  }
}

function keepAwsPrincipal(
  store: Store,
  accountExists: (id: string) => boolean,
  value: string,
): string | undefined {
  if (value === "*") return value;
  const account = /^(?:arn:aws:iam::(\d{12}):root|(\d{12}))$/.exec(value);
  if (account) {
    const id = account[1] ?? account[2] ?? "";
    return accountExists(id) ? `arn:aws:iam::${id}:root` : undefined;
  }
  if (/^(AROA|AIDA)[A-Z0-9]+$/.test(value)) return findById(store, value)?.id;
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(value);
  if (session) return roles(store).has(entityKey(session[1] ?? "", session[2] ?? "")) ? value : undefined;
  return (findRole(store, value) ?? findUser(store, value))?.id;
}

function showPrincipal(store: Store, kept: string): string {
  return /^(AROA|AIDA)[A-Z0-9]+$/.test(kept) ? (findById(store, kept)?.arn ?? kept) : kept;
}

type Replace = (kind: string, value: string) => string;

function mapPrincipals(document: PolicyDocument, replace: Replace): PolicyDocument {
  const mapStatement = (statement: PolicyStatement): PolicyStatement => ({
    ...statement,
    ...(statement.Principal === undefined ? {} : { Principal: mapElement(statement.Principal, replace) }),
    ...(statement.NotPrincipal === undefined
      ? {}
      : { NotPrincipal: mapElement(statement.NotPrincipal, replace) }),
  });
  const { Statement } = document;
  return {
    ...document,
    Statement: isMany(Statement) ? Statement.map(mapStatement) : mapStatement(Statement),
  };
}

function isMany(statement: PolicyDocument["Statement"]): statement is readonly PolicyStatement[] {
  return Array.isArray(statement);
}

function mapElement(element: PrincipalElement, replace: Replace): PrincipalElement {
  if (typeof element === "string") {
    if (element !== "*") replace("AWS", element); // a bare string other than * names no kind and is rejected as unknown
    return element;
  }
  const mapValue = (kind: string, value: OneOrMany): OneOrMany =>
    typeof value === "string" ? replace(kind, value) : value.map((one) => replace(kind, one));
  return Object.fromEntries(Object.entries(element).map(([kind, value]) => [kind, mapValue(kind, value)]));
}
