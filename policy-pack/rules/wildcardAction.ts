/** No policy allows a whole service, except a key's statement for its own account. */
import { allowing, placeOf, principalsOf, stringsOf, type PolicyDocument, type Statement } from "./documents";
import type { DeclaredResource, Rule, RuleContext } from "./rule";

/** `*`, `s3:*`, and equivalents such as `s3:?*`. */
const WHOLE = /^(?:[a-z0-9*?-]+:)?[*?]*\*[*?]*$/i;
const ALL_BUCKETS = /^(?:\*|arn:[^:]*:s3:::\*(?:\/\*)?)$/;
const ROOT = /^(?:arn:[^:]+:iam::(\d{12}):root|(\d{12}))$/;

export const noWildcardAction: Rule = {
  name: "no-wildcard-action",
  configuredBy: ["policyMode", "allowedAccountIds"],
  description: "No policy allows all actions, or all of one service, except kms:* for a key's own account.",
  advice:
    "List the actions that are needed. policyMode: documented allows s3:* where AWS's documents have it.",
  check: (resource, context) =>
    allowing(resource).flatMap(({ document, statement }) => {
      const place = placeOf(document, statement);
      if (statement.NotAction !== undefined) return [`${place} allows all actions except those of NotAction`];
      return stringsOf(statement.Action)
        .filter(
          (action) => WHOLE.test(action) && !isDocumented(action, document, statement, resource, context),
        )
        .map((action) => `${place} allows ${action}`);
    }),
};

function isDocumented(
  action: string,
  { kind }: PolicyDocument,
  statement: Statement,
  { account }: DeclaredResource,
  { policyMode, allowedAccountIds }: RuleContext,
): boolean {
  const name = action.toLowerCase();
  // "Enable IAM User Permissions" in AWS's documents: without it, a key can become unmanageable.
  if (name === "kms:*" && kind === "key") {
    const principals = principalsOf(statement);
    return (
      principals.length === 1 &&
      principals.every(([type, principal]) => type === "AWS" && isRoot(principal, account, allowedAccountIds))
    );
  }
  // The results bucket's policy and the policy of account B's role in "Using STS assumed roles to enable cross account access ...".
  if (name === "s3:*" && policyMode === "documented" && (kind === "bucket" || kind === "identity"))
    return stringsOf(statement.Resource).every((resource) => !ALL_BUCKETS.test(resource));
  return false;
}

/** True for the root of the key's account; if that is unknown, of any account of the environment. */
function isRoot(principal: string, account: string | undefined, allowed: readonly string[]): boolean {
  const [, byArn, byId] = ROOT.exec(principal) ?? [];
  const found = byArn ?? byId;
  if (found === undefined) return false;
  return account === undefined ? allowed.includes(found) : found === account;
}
