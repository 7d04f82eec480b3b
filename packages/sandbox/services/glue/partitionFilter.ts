/** The `Expression` of GetPartitions: comparisons of partition keys joined by AND. Pure. Source: AWS Glue API Reference, "GetPartitions". */
import { AwsError, type Column } from "../../core";

type Compare = (order: number) => boolean;

const operators: Readonly<Record<string, Compare>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const numeric = /^(tinyint|smallint|int|bigint|float|double|decimal)/i;
const comparison =
  /^\s*\(?\s*[`"]?(\w+)[`"]?\s*(<>|!=|<=|>=|=|<|>)\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?))\s*\)?\s*$/;

/** A test of a partition's values. @throws AwsError `InvalidInputException` for unknown keys, and for SQL beyond comparisons and AND */
export function partitionFilter(
  keys: readonly Column[],
  expression: string,
): (values: readonly string[]) => boolean {
  if (expression.trim() === "") return () => true;
  const tests = expression.split(/\s+AND\s+/i).map((part) => {
    const match = comparison.exec(part);
    const compare = operators[match?.[2] ?? ""];
    if (!match || !compare)
      throw new AwsError(
        "InvalidInputException",
        `The sandbox's GetPartitions supports only comparisons joined by AND, not: ${part.trim()}`,
      );
    const index = keys.findIndex(({ Name }) => Name.toLowerCase() === match[1]?.toLowerCase());
    const key = keys[index];
    if (!key) throw new AwsError("InvalidInputException", `${match[1]} is not a partition key of the table.`);
    const wanted = match[3]?.replaceAll("''", "'") ?? match[4] ?? "";
    const asNumbers = numeric.test(key.Type ?? "");
    return (values: readonly string[]) => compare(order(values[index] ?? "", wanted, asNumbers));
  });
  return (values) => tests.every((test) => test(values));
}

function order(a: string, b: string, asNumbers: boolean): number {
  if (asNumbers) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
