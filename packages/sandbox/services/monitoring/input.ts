/** Parameters of CloudWatch's requests in any of its protocols, and the errors for invalid ones. */
import { AwsError } from "../../core";

export type Input = Readonly<Record<string, unknown>>;

/** Error codes under their names in the JSON protocols; clients of the query protocol use others. */
export const invalid = (message: string) =>
  new AwsError("InvalidParameterValueException", message, 400, { queryCode: "InvalidParameterValue" });
export const missing = (name: string) =>
  new AwsError("MissingRequiredParameterException", `The parameter ${name} is required.`, 400, {
    queryCode: "MissingParameter",
  });

/** A list that is not empty: the query protocol sends an empty list as an empty text. */
export function listOf<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}

/** The query protocol sends numbers as texts. */
export function numberOf(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null || value === "") return undefined;
  const number = Number(value);
  if (!Number.isFinite(number))
    throw invalid(`The value ${JSON.stringify(value)} for parameter ${name} is not a number.`);
  return number;
}

export function requiredNumber(input: Input, name: string): number {
  const value = numberOf(input, name);
  if (value === undefined) throw missing(name);
  return value;
}

export function textOf(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function requiredText(input: Input, name: string): string {
  const value = textOf(input, name);
  if (value === undefined) throw missing(name);
  return value;
}
