/** Policy variables: `${aws:username}`, `${key, 'default'}`, and the escapes `${*}`, `${?}`, `${$}`. */
import type { Context } from "./context";

const VARIABLE = /\$\{([^}]*)\}/g;
/** Stand for `*` and `?` that are meant literally, while the text still is a pattern. */
const LITERALS: Readonly<Record<string, string>> = { "*": "\u0001", "?": "\u0002", $: "$" };

export function hasVariables(text: string): boolean {
  return text.includes("${");
}

/**
 * True if a variable stands before the fifth colon of an ARN, or in what is none: "You can't use a variable to replace
 * parts of the ARN before the fifth colon, such as the service or account". Source: IAM User Guide, "Variables and tags".
 */
export function hasVariablesInHead(text: string): boolean {
  return !/^(?:[^:$]*:){5}/.test(text.slice(0, text.indexOf("${")));
}

/**
 * The text with its variables filled in, or undefined if one has no single value and no default: then nothing matches.
 * Wildcards in a value are literal, as IAM treats what a request brings as text and not as a pattern.
 */
export function resolve(text: string, context: Context): string | undefined {
  let complete = true;
  const filled = text.replace(VARIABLE, (_, inner: string) => {
    const literal = LITERALS[inner];
    if (literal !== undefined) return literal;
    const [, key = "", fallback] = /^\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
    const values = context.get(key.toLowerCase());
    if (values?.length === 1) return asText(values[0] ?? "");
    if (fallback !== undefined && values === undefined) return asText(fallback);
    complete = false;
    return "";
  });
  return complete ? filled : undefined;
}

/** A text as it is compared with what `resolve` gave: literal wildcards stand as the same marks on both sides. */
export function asText(value: string): string {
  if (!value.includes("*") && !value.includes("?")) return value;
  return value.replace(/\*/g, "\u0001").replace(/\?/g, "\u0002");
}

/** The plain text of what `resolve` gave, for comparisons without wildcards. */
export function plainText(value: string): string {
  if (!value.includes("\u0001") && !value.includes("\u0002")) return value;
  return value.replace(/\u0001/g, "*").replace(/\u0002/g, "?");
}
