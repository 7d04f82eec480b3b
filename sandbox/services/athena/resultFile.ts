/** Results as Athena writes them: every value as Trino prints it, in CSV. Source: Athena User Guide, "Work with query results". */
import type { Column } from "./state";

/** Values by row and column; undefined is NULL. */
export type Rows = readonly (readonly (string | undefined)[])[];

/** Every value in double quotes; NULL is an empty field without them. */
export function csvOf(columns: readonly Column[], rows: Rows): string {
  const lines = [columns.map(({ name }) => name), ...rows];
  return lines
    .map(
      (line) =>
        line.map((value) => (value === undefined ? "" : `"${value.replace(/"/g, '""')}"`)).join(",") + "\n",
    )
    .join("");
}

/** The lines of such a file, header included. */
export function parseCsv(text: string): (string | undefined)[][] {
  const lines: (string | undefined)[][] = [];
  let line: (string | undefined)[] = [];
  const field = /(?:"((?:[^"]|"")*)")?(,|\n)/y;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (!match) throw new Error("the result file is not as Athena writes it");
    line.push(match[1]?.replace(/""/g, '"'));
    if (match[2] === "\n") {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

interface TypeForm {
  readonly type: string;
  readonly precision: number;
  readonly scale?: number;
}

/** Athena's types for DuckDB's, with the precision that its metadata tells. */
const TYPES: Readonly<Record<string, TypeForm>> = {
  VARCHAR: { type: "varchar", precision: 2147483647 },
  BIGINT: { type: "bigint", precision: 19 },
  // Sums of bigint, which stay bigint in Trino.
  HUGEINT: { type: "bigint", precision: 19 },
  UBIGINT: { type: "bigint", precision: 19 },
  INTEGER: { type: "integer", precision: 10 },
  SMALLINT: { type: "smallint", precision: 5 },
  TINYINT: { type: "tinyint", precision: 3 },
  DOUBLE: { type: "double", precision: 17 },
  FLOAT: { type: "float", precision: 17 },
  BOOLEAN: { type: "boolean", precision: 0 },
  DATE: { type: "date", precision: 0 },
  TIMESTAMP: { type: "timestamp", precision: 3 },
  TIMESTAMP_S: { type: "timestamp", precision: 3 },
  "TIMESTAMP WITH TIME ZONE": { type: "timestamp with time zone", precision: 3 },
};

/** @param duckType as DuckDB prints it: `DECIMAL(10,2)`, `VARCHAR[]` */
export function columnOf(name: string, duckType: string): Column {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckType);
  if (decimal) return { name, type: "decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const known = TYPES[duckType] ?? {
    type: duckType.endsWith("]") ? "array" : duckType.startsWith("STRUCT") ? "row" : duckType.toLowerCase(),
    precision: 0,
  };
  return { name, scale: 0, ...known };
}

/** A value of DuckDB as Trino prints it. */
export function printed(value: unknown, { type }: Pick<Column, "type">): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" && (type === "double" || type === "float")) return javaDouble(value);
  const text = // eslint-disable-next-line @typescript-eslint/no-base-to-string -- DuckDB's values print themselves
    String(value);
  if (type === "timestamp") return withMilliseconds(text);
  if (type === "timestamp with time zone") return `${withMilliseconds(text.replace(/\+00$/, ""))} UTC`;
  return text;
}

/** As Java's Double.toString: 1.0, 0.1, 1.0E10. */
function javaDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = String(value);
    return Number.isInteger(value) ? `${Object.is(value, -0) ? "-0" : text}.0` : text;
  }
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** `2020-01-01 00:00:00` -> `2020-01-01 00:00:00.000`; microseconds are cut. */
function withMilliseconds(text: string): string {
  const [time = "", fraction = ""] = text.split(".");
  return `${time}.${fraction.padEnd(3, "0").slice(0, 3)}`;
}
