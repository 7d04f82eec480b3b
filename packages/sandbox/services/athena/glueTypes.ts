/** The Data Catalog's names of DuckDB's types. */
import { QueryFailed } from "./sql";

const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: "string",
  BIGINT: "bigint",
  HUGEINT: "bigint",
  UBIGINT: "bigint",
  INTEGER: "int",
  SMALLINT: "smallint",
  TINYINT: "tinyint",
  DOUBLE: "double",
  FLOAT: "float",
  BOOLEAN: "boolean",
  DATE: "date",
  TIMESTAMP: "timestamp",
  TIMESTAMP_S: "timestamp",
  TIMESTAMP_MS: "timestamp",
  TIMESTAMP_NS: "timestamp",
};

/** `VARCHAR[]` -> `array<string>`. @throws QueryFailed for a type that tables of the sandbox cannot have */
export function glueType(column: string, duckType: string): string {
  if (duckType.endsWith("[]")) return `array<${glueType(column, duckType.slice(0, -2))}>`;
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckType);
  const known = decimal ? `decimal(${decimal[1]},${decimal[2]})` : TYPES[duckType];
  if (known === undefined)
    throw new QueryFailed(
      `NOT_SUPPORTED: Unsupported Hive type: ${duckType.toLowerCase()} of the column '${column}'`,
    );
  return known;
}
