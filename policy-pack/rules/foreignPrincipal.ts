/** Policies allow only principals of the environment's accounts. */
import { allowing, placeOf, principalsOf, stringsOf } from "./documents";
import type { Rule } from "./rule";

/** `arn:PARTITION:iam::ACCOUNT:...`, also of `sts`; or the account alone. */
const OF_ACCOUNT = /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::.*)?$/;
const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;

/** By type token: inputs that name the principals to which a resource gives access without a policy. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  "aws:kms/grant:Grant": ["granteePrincipal", "retiringPrincipal"],
  "aws:ram/principalAssociation:PrincipalAssociation": ["principal"],
};

export const noForeignPrincipal: Rule = {
  name: "no-foreign-principal",
  configuredBy: ["allowedAccountIds"],
  description:
    "Policies of resources, keys and roles name only principals of the environment's accounts and AWS services.",
  advice:
    "Remove the principal, or add its account to the settings (the pack's configuration: allowedAccountIds).",
  check: (resource, { allowedAccountIds }) => [
    ...allowing(resource).flatMap(({ document, statement }) =>
      principalsOf(statement).flatMap(([type, name]) => {
        // `no-public-principal` reports wildcards.
        const problem = name.includes("*") ? undefined : foreignness(type, name, allowedAccountIds);
        return problem === undefined ? [] : [`${placeOf(document, statement)} allows ${problem}`];
      }),
    ),
    ...(NAMED[resource.type] ?? []).flatMap((input) =>
      stringsOf(resource.inputs[input]).flatMap((name) => {
        const problem = foreignness(SERVICE.test(name) ? "Service" : "AWS", name, allowedAccountIds);
        return problem === undefined ? [] : [`${input} is ${problem}`];
      }),
    ),
  ],
};

function foreignness(type: string, name: string, accounts: readonly string[]): string | undefined {
  if (type === "Service") return SERVICE.test(name) ? undefined : `${name}, which is not an AWS service`;
  const account = type === "CanonicalUser" ? undefined : OF_ACCOUNT.exec(name)?.[1];
  if (account === undefined) return `the principal ${type} "${name}", which names no account`;
  if (accounts.includes(account)) return undefined;
  return `${name}, and account ${account} is not one of the environment's (${accounts.join(", ") || "none"})`;
}
