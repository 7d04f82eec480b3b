/** Converts resources as the engine passes them to an analyzer to the form that the rules read. */
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { UNKNOWN, type DeclaredResource } from "./rules";

type AnalyzedResource = Pick<ResourceValidationArgs, "urn" | "type" | "name" | "props" | "opts" | "provider">;

export function declared({
  urn,
  type,
  name,
  props,
  opts,
  provider,
}: AnalyzedResource | PolicyResource): DeclaredResource {
  return {
    urn,
    type,
    name,
    inputs: known(props) as Record<string, unknown>,
    protect: opts.protect,
    account: accountOf(provider?.props),
  };
}

/** The only account that the provider may act in. The engine passes lists in a provider's configuration as JSON. */
function accountOf(props: Record<string, unknown> = {}): string | undefined {
  const plain = (known(props) as Record<string, unknown>)["allowedAccountIds"];
  const list: unknown = typeof plain === "string" ? JSON.parse(plain) : plain;
  const [only, ...others] = Array.isArray(list) ? (list as unknown[]) : [];
  return typeof only === "string" && others.length === 0 ? only : undefined;
}

/** A copy with `UNKNOWN` in place of unknown values, which throw when they are read. */
function known(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const read = (key: string): unknown => {
    try {
      return known((value as Record<string, unknown>)[key]);
    } catch (error) {
      if (error instanceof Error && /can't be known during preview/.test(error.message)) return UNKNOWN;
      throw error;
    }
  };
  if (Array.isArray(value)) return value.map((_, at) => read(String(at)));
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(key)]));
}
