/** The condition context of a request: the request's own values and those that AWS adds. Keys do not differ by case. */
import type { Caller, ContextValue } from "./caller";
import type { AccessRequest } from "./types";

/** The request's own values, by lower-case key. */
export function givenBy({ context = {} }: AccessRequest): Map<string, ContextValue> {
  const given = new Map<string, ContextValue>();
  for (const key of Object.keys(context)) {
    const value = context[key];
    if (value !== undefined) given.set(lowerCase(key), typeof value === "string" ? value : asTexts(value));
  }
  return given;
}

/** Callers with parsed JSON pass numbers and booleans too: a Deny on `false` must see them. */
function asTexts(value: number | boolean | null | readonly (string | number | boolean)[]): ContextValue {
  if (value === null) return [];
  if (typeof value !== "object") return String(value);
  return value.every((each) => typeof each === "string") ? value : value.map(String);
}

/** Keys are few and repeat with each request. */
const lowerCased = new Map<string, string>();

function lowerCase(key: string): string {
  let lower = lowerCased.get(key);
  if (lower === undefined) {
    if (lowerCased.size >= 10_000) lowerCased.clear();
    lowerCased.set(key, (lower = key.toLowerCase()));
  }
  return lower;
}

export class Context {
  /** @param values the request's own, by lower-case key; values that AWS adds do not replace them */
  constructor(
    private readonly values: Map<string, ContextValue>,
    request: AccessRequest,
    caller: Caller,
  ) {
    for (const [key, value] of derived(request, caller)) if (!values.has(key)) values.set(key, value);
  }

  /** All values of a key (lower case); undefined if the request does not have it. An empty list counts as absent. */
  get(key: string): readonly string[] | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    const list = typeof value === "string" ? [value] : value;
    return list.length === 0 ? undefined : list;
  }
}

/**
 * Sources: "AWS global condition context keys", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html;
 * "IAM policy elements: Variables and tags", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (principal key values)
 */
function* derived(request: AccessRequest, caller: Caller): Iterable<[string, string]> {
  const service = request.action.slice(0, request.action.indexOf(":")).toLowerCase();
  if (request.resourceAccount !== "") {
    yield ["aws:resourceaccount", request.resourceAccount];
    if (service === "s3") yield ["s3:resourceaccount", request.resourceAccount];
  }
  if (caller.kind === "anonymous") {
    yield ["aws:principaltype", "Anonymous"];
    yield ["aws:principalaccount", "anonymous"];
    yield ["aws:userid", "anonymous"];
    return;
  }
  if (caller.kind !== "provider") yield ["aws:principalisawsservice", String(caller.kind === "service")];
  if (caller.kind === "service") {
    yield ["aws:principalservicename", caller.arn];
    return;
  }
  if (caller.kind === "provider") {
    yield ["aws:federatedprovider", caller.arn];
    return;
  }
  yield ["aws:principalaccount", caller.account];
  if (service === "kms") yield ["kms:calleraccount", caller.account];
  yield ["aws:principalarn", caller.principalArn];
  yield ["aws:principaltype", PRINCIPAL_TYPES[caller.kind]];
  if (caller.kind === "user") yield ["aws:username", caller.name];
  if (caller.kind === "root") yield ["aws:userid", caller.account];
  if (caller.kind === "federated") yield ["aws:userid", `${caller.account}:${caller.name}`];
}

const PRINCIPAL_TYPES = {
  user: "User",
  role: "AssumedRole",
  session: "AssumedRole",
  root: "Account",
  federated: "FederatedUser",
} as const;
