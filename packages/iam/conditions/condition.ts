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
  /** Whether there are policy variables to fill in: not before version 2012-10-17, and not with every operator. */
  readonly resolves: boolean;
}

/** Reads the operator's name, or says why there is no such operator. */
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
    if (ifExists !== undefined) return `"${name}": Null has no IfExists, as it asks just that`;
    return common;
  }
  const operator = OPERATORS.get(base.toLowerCase());
  if (!operator) return `"${name}" is not a condition operator`;
  return { ...common, operator, resolves: common.resolves && operator.takesVariables };
}

/** Source: IAM User Guide, "Condition operators" and "Set operators for multivalued context keys". */
export function holds(condition: Condition, context: Context): boolean {
  const given = context.get(condition.key);
  if (!condition.operator) return isNull(condition, given);
  const { set, operator } = condition;
  if (given === undefined)
    return condition.ifExists || (set === undefined ? operator.negated : set === "ForAllValues");
  const wanted = condition.resolves ? resolved(condition.values, context) : condition.values;
  const fits = (value: string) => wanted.some((each) => operator.compare(each, value)) !== operator.negated;
  // An empty text is no data either: "or if the context key value resolves to a null dataset, such as an empty string".
  if (set === "ForAllValues") return given.every((value) => value === "") || given.every(fits);
  if (set === "ForAnyValue") return given.some(fits);
  // Several values need a set operator: without one the condition does not match, negated or not.
  return given.length === 1 && given.every(fits);
}

function isNull({ values, set }: Condition, given: readonly string[] | undefined): boolean {
  if (given === undefined && set === "ForAnyValue") return false;
  return values.some((value) => (value.toLowerCase() === "true") === (given === undefined));
}

/** Values whose variables cannot be filled in match nothing. */
function resolved(values: readonly string[], context: Context): string[] {
  return values
    .map((value) => (hasVariables(value) ? resolve(value, context) : value))
    .filter((value) => value !== undefined);
}
