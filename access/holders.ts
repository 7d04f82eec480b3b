/** The principals that a statement of a resource's policy lets in, as sets: a role, an account, a service, an organization, anyone. */
import { type PolicyStatement, splitArn } from "@feature-store-access/iam";
import { list } from "./lists";

export interface Holder {
  readonly kind: "principal" | "account" | "service" | "federated" | "organization" | "anyone";
  /** ARN, 12 digits, service principal, organization's ID; `*` for anyone. */
  readonly id: string;
  /**
   * True for an account that remains after a condition narrows "everyone": in the resource's own account, each of its
   * principals is then let in, whether its own policies allow it or not.
   */
  readonly direct?: true;
}

/**
 * Condition keys that identify the caller; the statement is for these callers alone if it demands one of the keys
 * without wildcards. `aws:SourceAccount` is not among them: any service that acts for that account sends it.
 */
const NARROWING: Readonly<Record<string, Holder["kind"]>> = {
  "aws:principalarn": "principal",
  "aws:principalaccount": "account",
  "kms:calleraccount": "account",
  "aws:principalorgid": "organization",
};

/** NotPrincipal with Allow lets in everyone else: anyone. */
export function holdersOf(statement: PolicyStatement): Holder[] {
  const { Principal } = statement;
  const named: Holder[] =
    Principal === undefined || typeof Principal === "string"
      ? [{ kind: "anyone", id: "*" }]
      : Object.entries(Principal).flatMap(([kind, values]) =>
          list(values).map((value) => holderOf(kind, value)),
        );
  return named.flatMap((holder) => (holder.kind === "anyone" ? narrowed(statement, holder) : [holder]));
}

/** True for the resource's own account, whose policies then decide. */
export function isDelegation({ kind, id, direct }: Holder, account: string): boolean {
  return kind === "account" && id === account && !direct;
}

/** In words: `account ID`, `anyone`. */
export function holderWords({ kind, id }: Holder): string {
  switch (kind) {
    case "anyone":
      return "anyone";
    case "account":
      return `account ${id}`;
    case "organization":
      return `every principal of organization ${id}`;
    default:
      return id;
  }
}

function holderOf(kind: string, value: string): Holder {
  if (value === "*") return { kind: "anyone", id: "*" };
  if (kind === "Service") return { kind: "service", id: value };
  if (kind !== "AWS") return { kind: "federated", id: value };
  const parts = splitArn(value);
  if (/^\d{12}$/.test(value)) return { kind: "account", id: value };
  if (parts?.[2] === "iam" && parts[5] === "root") return { kind: "account", id: parts[4] ?? "" };
  return { kind: "principal", id: value };
}

/** The holders to which conditions narrow "everyone", if they name principals, accounts or organizations. */
function narrowed({ Condition = {} }: PolicyStatement, anyone: Holder): Holder[] {
  for (const [operator, keys] of Object.entries(Condition))
    for (const [key, values] of Object.entries(keys)) {
      const kind = NARROWING[key.toLowerCase()];
      // IfExists, Not and set operators let in callers that do not send the key.
      if (!kind || !/^(String(Equals|Like)|Arn(Equals|Like))$/i.test(operator)) continue;
      const wanted = (Array.isArray(values) ? values : [values]).map(String);
      if (wanted.some((value) => /[*?]|\$\{/.test(value))) continue;
      return wanted.map((id) => ({ kind, id, ...(kind === "account" ? { direct: true } : {}) }));
    }
  return [anyone];
}
