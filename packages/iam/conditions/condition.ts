/** One entry of a Condition element: an operator with its set prefix and IfExists, a key, and the policy's values. */
import type { Context } from "../context";
import { hasVariables, resolve } from "../variables";
import { OPERATORS, type Operator } from "./compare";

export interface Condition {
  /** Lower case. */
  readonly key: string;
  readonly values: readonly string[];
  readonly set?: "ForAllValues" | "ForAnyValue";
  readonly ifExists: boolean;
  /** Undefined for the operator Null. */
  readonly operator?: Operator;
  /** True if there are policy variables to fill in: from version 2012-10-17 on, and not with every operator. */
  readonly resolves: boolean;
}

/** Reads one entry. Returns the problem as a text if the operator does not exist or does not fit its values. */
export function parseCondition(
  name: string,
  key: string,
  values: readonly string[],
  variables: boolean,
): Condition | string {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(name);
  const [, prefix, base = "", ifExists] = match ?? [];
  const set: Condition["set"] =
    prefix === undefined
      ? undefined
      : prefix.toLowerCase() === "forallvalues"
        ? "ForAllValues"
        : "ForAnyValue";
  const common: Omit<Condition, "operator"> = {
    key: key.toLowerCase(),
    values,
    ifExists: ifExists !== undefined,
    resolves: variables && values.some(hasVariables),
    ...(set ? { set } : {}),
  };
  if (base.toLowerCase() === "null") {
    const odd = values.find((value) => !/^(true|false)$/i.test(value));
    if (odd !== undefined) return `"${name}" of ${key} is "${odd}": write true or false`;
    if (ifExists !== undefined) return `"${name}": Null has no IfExists, as it tests just that`;
    return common;
  }
  const operator = OPERATORS.get(base.toLowerCase());
  if (!operator) return `"${name}" is not a condition operator`;
  return { ...common, operator, resolves: common.resolves && operator.takesVariables };
}

/**
 * True if the context meets the condition.
 * Source: "Single-valued vs. multivalued context keys", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function holds(condition: Condition, context: Context): boolean {
  const given = context.get(condition.key);
  if (!condition.operator) return isNull(condition, given);
  const { set, operator } = condition;
  if (given === undefined)
    return condition.ifExists || (set === undefined ? operator.negated : set === "ForAllValues");
  const wanted = condition.resolves ? resolved(condition.values, context) : condition.values;
  const fits = (value: string) => wanted.some((each) => operator.compare(each, value)) !== operator.negated;
  // An empty text counts as absent: "or if the context key value resolves to a null dataset, such as an empty string".
  if (set === "ForAllValues") return given.every((value) => value === "") || given.every(fits);
  if (set === "ForAnyValue") return given.some(fits);
  // Several values need a set operator: without one the condition does not match, even if negated.
  return given.length === 1 && given.every(fits);
}

function isNull({ values, set }: Condition, given: readonly string[] | undefined): boolean {
  if (given === undefined && set === "ForAnyValue") return false;
  return values.some((value) => (value.toLowerCase() === "true") === (given === undefined));
}

/** The values with their variables filled in. A value with a variable that has no value is left out: it matches nothing. */
function resolved(values: readonly string[], context: Context): string[] {
  return values
    .map((value) => (hasVariables(value) ? resolve(value, context) : value))
    .filter((value) => value !== undefined);
}
