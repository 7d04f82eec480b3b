/** Actions, resources and condition keys of a statement that do not exist or do not fit each other. */
import {
  type ActionCatalog,
  hasVariables,
  hasVariablesInHead,
  type PolicyStatement,
} from "@feature-store-access/iam";
import { placeOf, type Finding } from "../findings";
import { list } from "../lists";
import type { ModelDocument } from "../model";
import { conditionFlaws } from "./conditions";
import { lintFinding, type Flaw } from "./rule";

export function statementFindings(document: ModelDocument, catalog: ActionCatalog): Finding[] {
  return list(document.document.Statement).flatMap((statement, index) =>
    [...flaws(statement, document, catalog)].map(({ says, advice }) =>
      lintFinding([placeOf(document, index, statement)], `${document.name}: ${says}`, advice),
    ),
  );
}

function* flaws(
  statement: PolicyStatement,
  { kind }: ModelDocument,
  catalog: ActionCatalog,
): Generator<Flaw> {
  const patterns = list(statement.Action ?? statement.NotAction ?? []);
  const resources = list(statement.Resource ?? statement.NotResource ?? []);
  for (const action of patterns)
    if (action !== "*" && catalog.expand(action).every((name) => !catalog.exists(name)))
      yield {
        says: `there is no action ${action}`,
        advice: "See the Service Authorization Reference for its name.",
      };
  for (const resource of resources) {
    yield* resourceFlaws(resource);
    if (hasVariables(resource) && hasVariablesInHead(resource))
      yield {
        says: `"${resource}" has a policy variable before its fifth colon, where AWS fills in none: it matches nothing`,
        advice: "Write the service, Region and account out, or a * for them.",
      };
  }
  for (const [type, values] of Object.entries(
    typeof statement.Principal === "object" ? statement.Principal : {},
  ))
    if (type === "AWS") for (const value of list(values)) yield* principalFlaws(value);
  // Here the resource is the one that carries the policy.
  if (kind !== "trust" && kind !== "key" && statement.Action !== undefined)
    yield* mismatches(patterns, list(statement.Resource ?? []), catalog);
  yield* conditionFlaws(statement, patterns, catalog);
}

function* resourceFlaws(resource: string): Generator<Flaw> {
  if (resource === "*" || resource === "") return;
  const parts = resource.split(":");
  if (!resource.startsWith("arn:")) {
    yield { says: `"${resource}" is not an ARN`, advice: "A Resource is * or begins with arn:." };
    return;
  }
  if (parts.length < 6 && !resource.includes("*")) {
    yield {
      says: `"${resource}" is not a complete ARN`,
      advice:
        "An ARN has six parts: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; a role's ends in :role/NAME.",
    };
    return;
  }
  if (parts[2] === "s3" && /^[^/]+\/$/.test(parts.slice(5).join(":")))
    yield {
      says: `"${resource}" ends in a slash, and no object has that name`,
      advice: `Write ${resource}* for the bucket's objects.`,
    };
  yield* accountFlaws(resource, parts[4] ?? "");
}

function* principalFlaws(principal: string): Generator<Flaw> {
  if (principal === "*" || /^\d{12}$/.test(principal) || /^A[A-Z]{3}[A-Z0-9]{4,}$/.test(principal)) return;
  const parts = principal.split(":");
  const [type = ""] = (parts[5] ?? "").split("/");
  const known = ["root", "role", "user", "assumed-role", "federated-user"].includes(type);
  if (parts.length !== 6 || !known)
    yield {
      says: `"${principal}" is not a principal`,
      advice: "Write arn:aws:iam::ACCOUNT_ID:role/NAME, :user/NAME, :root, or the account's ID.",
    };
  else if (/[*?]/.test(principal))
    yield {
      says: `"${principal}" has a wildcard, which AWS does not allow in a principal`,
      advice: "Name the principal, or use a condition on aws:PrincipalArn.",
    };
  yield* accountFlaws(principal, parts[4] ?? "");
}

function* accountFlaws(arn: string, account: string): Generator<Flaw> {
  if (account === "" || account === "aws" || /[*?$]/.test(account) || /^\d{12}$/.test(account)) return;
  yield {
    says: `"${arn}" names account "${account}", which is not an account ID`,
    advice: "An account ID has 12 digits.",
  };
}

/** Actions that apply to none of the resources, and resources that none of the actions apply to. */
function* mismatches(
  patterns: readonly string[],
  resources: readonly string[],
  catalog: ActionCatalog,
): Generator<Flaw> {
  const whole = resources.filter((resource) => resource === "*" || resource.split(":").length >= 6);
  if (whole.length === 0) return;
  const expanded = patterns.map((pattern) => [pattern, catalog.expand(pattern)] as const);
  for (const [pattern, names] of expanded)
    if (
      names.some((name) => catalog.exists(name)) &&
      !names.some((name) => whole.some((each) => catalog.fits(name, each)))
    )
      yield {
        says: `${pattern} never applies to ${whole.join(", ")}`,
        advice: /^s3:/.test(pattern)
          ? "An action on objects needs the bucket's ARN and /*; an action on the bucket needs its ARN alone."
          : "See the Service Authorization Reference for the action's resources.",
      };
  for (const resource of whole)
    if (
      !expanded.some(([, names]) =>
        names.some((name) => !catalog.exists(name) || catalog.fits(name, resource)),
      )
    )
      yield { says: `none of ${patterns.join(", ")} applies to ${resource}` };
}
