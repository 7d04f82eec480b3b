/** Values as Trino prints them in Athena's results. Source: Athena User Guide, "Data types in Athena". */
import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";

/** The parts of DuckDB's types and values that are read here, so that the engine's module need not be loaded. */
interface TypeParts {
  readonly valueType?: DuckDBType;
  readonly keyType?: DuckDBType;
  readonly entryNames?: readonly string[];
  readonly entryTypes?: readonly DuckDBType[];
}

interface ValueParts {
  readonly items?: readonly DuckDBValue[];
  readonly entries?: unknown;
  readonly micros?: bigint;
}

interface MapEntry {
  readonly key: DuckDBValue;
  readonly value: DuckDBValue;
}

/** A value of DuckDB's type as text; undefined is NULL. */
export function printed(value: DuckDBValue | undefined, type: DuckDBType): string | undefined {
  if (value === null || value === undefined) return undefined;
  const name = String(type);
  if (typeof value === "number" && name === "DOUBLE") return javaNumber(value, String(value));
  if (typeof value === "number" && name === "FLOAT") return javaNumber(value, shortestFloat(value));
  const { micros } = value as ValueParts;
  // DuckDB prints these in the time zone of the machine.
  if (name === "TIMESTAMP WITH TIME ZONE" && micros !== undefined) return `${timestamp(micros)} UTC`;
  if (name === "TIMESTAMP" && micros !== undefined) return timestamp(micros);
  if (typeof value === "object") return nested(value, type as TypeParts) ?? value.toString();
  return String(value);
}

/** `[a, null]`, `{name=value}`: without quotes, so the text cannot be parsed again, as in Athena. */
function nested(value: object, type: TypeParts): string | undefined {
  const { items, entries } = value as ValueParts;
  const inner = (item: DuckDBValue | undefined, of: DuckDBType | undefined) =>
    (of && printed(item, of)) ?? "null";
  if (items && type.valueType) return `[${items.map((item) => inner(item, type.valueType)).join(", ")}]`;
  if (Array.isArray(entries))
    return `{${(entries as MapEntry[])
      .map((entry) => `${inner(entry.key, type.keyType)}=${inner(entry.value, type.valueType)}`)
      .join(", ")}}`;
  if (typeof entries !== "object" || entries === null || !type.entryNames) return undefined;
  const fields = entries as Record<string, DuckDBValue>;
  return `{${type.entryNames.map((name, index) => `${name}=${inner(fields[name], type.entryTypes?.[index])}`).join(", ")}}`;
}

/** As Java's Double.toString: 1.0, 0.1, 1.0E10. `digits` are the shortest that denote the value. */
function javaNumber(value: number, digits: string): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = Object.is(value, -0) ? "-0" : digits;
    return text.includes(".") ? text : `${text}.0`;
  }
  const [mantissa = "", exponent = "0"] = Number(digits).toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** The shortest decimal that is this 32-bit float: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** Microseconds since 1970 -> `2020-01-01 00:00:00.000`, in UTC; microseconds are truncated. */
function timestamp(micros: bigint): string {
  const milliseconds = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const date = new Date(Number(milliseconds));
  if (Number.isNaN(date.getTime())) return `${micros} microseconds since 1970`;
  return date.toISOString().replace("T", " ").replace("Z", "");
}
