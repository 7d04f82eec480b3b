/** Files of results as Athena writes them, in CSV, and the types of their columns. Source: Athena User Guide, "Work with query results". */
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

/** Athena's types for DuckDB's, with the precision in its metadata. */
const TYPES: Readonly<Record<string, TypeForm>> = {
  VARCHAR: { type: "varchar", precision: 2147483647 },
  BIGINT: { type: "bigint", precision: 19 },
  // The type of sums of bigint, which stay bigint in Trino.
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
    type: nestedType(duckType) ?? duckType.toLowerCase(),
    precision: 0,
  };
  return { name, scale: 0, ...known };
}

function nestedType(duckType: string): string | undefined {
  if (duckType.endsWith("]")) return "array";
  if (duckType.startsWith("STRUCT")) return "row";
  return duckType.startsWith("MAP") ? "map" : undefined;
}
