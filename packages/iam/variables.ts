/** Policy variables: `${aws:username}`, `${key, 'default'}`, and the escapes `${*}`, `${?}`, `${$}`. */
import type { Context } from "./context";

const VARIABLE = /\$\{([^}]*)\}/g;
/** Marks for literal `*` and `?` in a text that is still a pattern. */
const LITERALS: Readonly<Record<string, string>> = { "*": "\u0001", "?": "\u0002", $: "$" };

/** True if the text has a policy variable or one of the escapes. */
export function hasVariables(text: string): boolean {
  return text.includes("${");
}

/**
 * True if a variable is before the fifth colon of an ARN, or in a text that is not an ARN: such a Resource matches nothing, as "You
 * can't use a variable to replace parts of the ARN before the fifth colon, such as the service or account".
 * Source: "IAM policy elements: Variables and tags", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function hasVariablesInHead(text: string): boolean {
  return !/^(?:[^:$]*:){5}/.test(text.slice(0, text.indexOf("${")));
}

/**
 * The text with its variables filled in. Wildcards in a value are literal: IAM treats the request's values as text, not as patterns.
 * @returns undefined if a variable has no single value and no default: then nothing matches
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

/** A text in the form that compares with a result of `resolve`: literal wildcards are marked the same on both sides. */
export function asText(value: string): string {
  if (!value.includes("*") && !value.includes("?")) return value;
  return value.replace(/\*/g, "\u0001").replace(/\?/g, "\u0002");
}

/** The plain text of a result of `resolve`, for comparisons without wildcards. */
export function plainText(value: string): string {
  if (!value.includes("\u0001") && !value.includes("\u0002")) return value;
  return value.replace(/\u0001/g, "*").replace(/\u0002/g, "?");
}
