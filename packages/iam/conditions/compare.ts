/** Condition operators, one comparison of a policy's value with a request's value each. */
import { arnMatcher } from "../arn";
import { glob } from "../glob";
import { asText, plainText } from "../variables";
import { ipMatches } from "./ip";

/** Both are given as IAM has them after variables are filled in; false where either cannot be read as the operator's type. */
export type Comparison = (policyValue: string, requestValue: string) => boolean;

export interface Operator {
  readonly compare: Comparison;
  /** True for `...NotEquals` and the like: the condition holds if `compare` holds for none of the policy's values. */
  readonly negated: boolean;
  /** Whether policy variables are filled in: "in any condition that involves the string operators or the ARN operators". */
  readonly takesVariables: boolean;
}

const plain =
  (compare: Comparison): Comparison =>
  (wanted, given) =>
    compare(plainText(wanted), given);

const stringEquals = plain((wanted, given) => wanted === given);
const stringEqualsIgnoreCase = plain((wanted, given) => wanted.toLowerCase() === given.toLowerCase());
const stringLike: Comparison = (wanted, given) => glob(wanted)(asText(given));
const arnLike: Comparison = (wanted, given) => arnMatcher(wanted)(asText(given));
const bool = plain((wanted, given) => {
  const value = given.toLowerCase();
  return (value === "true" || value === "false") && wanted.toLowerCase() === value;
});
// Base64 text stands for bytes: equal texts are equal bytes, as AWS gives and takes it in canonical form.
const binary = stringEquals;

const numeric = (holds: (given: number, wanted: number) => boolean) =>
  plain((wanted, given) => {
    const [left, right] = [numberOf(given), numberOf(wanted)];
    return left !== undefined && right !== undefined && holds(left, right);
  });
const date = (holds: (given: number, wanted: number) => boolean) =>
  plain((wanted, given) => {
    const [left, right] = [timeOf(given), timeOf(wanted)];
    return left !== undefined && right !== undefined && holds(left, right);
  });

const is = (compare: Comparison): Pair => [compare, false];
const isNot = (compare: Comparison): Pair => [compare, true];
type Pair = readonly [compare: Comparison, negated: boolean];

const COMPARISONS: readonly (readonly [name: string, how: Pair])[] = [
  ["stringequals", is(stringEquals)],
  ["stringnotequals", isNot(stringEquals)],
  ["stringequalsignorecase", is(stringEqualsIgnoreCase)],
  ["stringnotequalsignorecase", isNot(stringEqualsIgnoreCase)],
  ["stringlike", is(stringLike)],
  ["stringnotlike", isNot(stringLike)],
  ["numericequals", is(numeric((a, b) => a === b))],
  ["numericnotequals", isNot(numeric((a, b) => a === b))],
  ["numericlessthan", is(numeric((a, b) => a < b))],
  ["numericlessthanequals", is(numeric((a, b) => a <= b))],
  ["numericgreaterthan", is(numeric((a, b) => a > b))],
  ["numericgreaterthanequals", is(numeric((a, b) => a >= b))],
  ["dateequals", is(date((a, b) => a === b))],
  ["datenotequals", isNot(date((a, b) => a === b))],
  ["datelessthan", is(date((a, b) => a < b))],
  ["datelessthanequals", is(date((a, b) => a <= b))],
  ["dategreaterthan", is(date((a, b) => a > b))],
  ["dategreaterthanequals", is(date((a, b) => a >= b))],
  ["bool", is(bool)],
  ["binaryequals", is(binary)],
  ["ipaddress", is(plain(ipMatches))],
  ["notipaddress", isNot(plain(ipMatches))],
  ["arnequals", is(arnLike)],
  ["arnlike", is(arnLike)],
  ["arnnotequals", isNot(arnLike)],
  ["arnnotlike", isNot(arnLike)],
];

/**
 * By lower-case name. Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Variables and tags"
 * (where you can use policy variables).
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  COMPARISONS.map(([name, [compare, negated]]) => [
    name,
    { compare, negated, takesVariables: /^(string|arn)/.test(name) },
  ]),
);

function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

/** Milliseconds since the epoch, from W3C's ISO 8601 profile or from epoch seconds. */
function timeOf(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/.test(text))
    return undefined;
  const hasZone = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const time = Date.parse(text.includes("T") && !hasZone ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}
