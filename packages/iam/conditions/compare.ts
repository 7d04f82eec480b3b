/**
 * Condition operators. Each compares a policy's value with a request's value.
 * Source: "IAM JSON policy elements: Condition operators", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { arnMatcher } from "../arn";
import { glob } from "../glob";
import { asText, plainText } from "../variables";
import { ipMatches } from "./ip";

/** Takes values with their variables filled in. False if either cannot be read as the operator's type. */
export type Comparison = (policyValue: string, requestValue: string) => boolean;

export interface Operator {
  readonly compare: Comparison;
  /** True for `...NotEquals` and the like: the condition holds if `compare` holds for none of the policy's values. */
  readonly negated: boolean;
  /** True if policy variables are filled in: "in any condition that involves the string operators or the ARN operators". */
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
// Equal Base64 texts are equal bytes, as AWS uses its canonical form.
const binary = stringEquals;

const ordered =
  (read: (text: string) => number | undefined) => (holds: (given: number, wanted: number) => boolean) =>
    plain((wanted, given) => {
      const [left, right] = [read(given), read(wanted)];
      return left !== undefined && right !== undefined && holds(left, right);
    });
const numeric = ordered(numberOf);
const date = ordered(timeOf);

/** Name, comparison, and the name of the negation. */
const COMPARISONS: readonly (readonly [name: string, compare: Comparison, negation?: string])[] = [
  ["stringequals", stringEquals, "stringnotequals"],
  ["stringequalsignorecase", stringEqualsIgnoreCase, "stringnotequalsignorecase"],
  ["stringlike", stringLike, "stringnotlike"],
  ["numericequals", numeric((a, b) => a === b), "numericnotequals"],
  ["numericlessthan", numeric((a, b) => a < b)],
  ["numericlessthanequals", numeric((a, b) => a <= b)],
  ["numericgreaterthan", numeric((a, b) => a > b)],
  ["numericgreaterthanequals", numeric((a, b) => a >= b)],
  ["dateequals", date((a, b) => a === b), "datenotequals"],
  ["datelessthan", date((a, b) => a < b)],
  ["datelessthanequals", date((a, b) => a <= b)],
  ["dategreaterthan", date((a, b) => a > b)],
  ["dategreaterthanequals", date((a, b) => a >= b)],
  ["bool", bool],
  ["binaryequals", binary],
  ["ipaddress", plain(ipMatches), "notipaddress"],
  ["arnequals", arnLike, "arnnotequals"],
  ["arnlike", arnLike, "arnnotlike"],
];

/**
 * Condition operators by lower-case name.
 * Source: "IAM policy elements: Variables and tags", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (where you can use policy variables)
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  COMPARISONS.flatMap(([name, compare, negation]) => {
    const takesVariables = /^(string|arn)/.test(name);
    const operator: [string, Operator] = [name, { compare, negated: false, takesVariables }];
    return negation === undefined
      ? [operator]
      : [operator, [negation, { compare, negated: true, takesVariables }]];
  }),
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
