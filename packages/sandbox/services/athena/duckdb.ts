/**
 * The SQL engine of one query: its own instance, in memory, without extensions. It is locked before it gets the query's text, so SQL can
 * reach no file, no network and no setting. Source: DuckDB, "Securing DuckDB".
 */
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

const OPTIONS = {
  threads: "1",
  memory_limit: "512MB",
  // No spilling to disk (by default into the working directory): a query that needs more memory fails.
  temp_directory: "",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
} as const;

/** Athena's name for Glue's catalog. */
export const CATALOG = "awsdatacatalog";

/** Functions of Trino that have other names in DuckDB. */
const MACROS = [
  "approx_distinct(x) AS approx_count_distinct(x)",
  "approx_percentile(x, p) AS approx_quantile(x, p)",
  "arbitrary(x) AS any_value(x)",
  "cardinality(x) AS len(x)",
  "date_format(t, f) AS strftime(t, replace(replace(f, '%i', '%M'), '%s', '%S'))",
  "from_iso8601_timestamp(s) AS CAST(rtrim(s, 'Z') AS TIMESTAMP)",
  "from_iso8601_date(s) AS CAST(s AS DATE)",
  "from_unixtime(x) AS make_timestamp(CAST(x * 1000000 AS BIGINT))",
  "json_extract_scalar(j, p) AS json_extract_string(j, p)",
  "regexp_like(s, p) AS regexp_matches(s, p)",
  "to_iso8601(t) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%g')",
  "to_unixtime(t) AS epoch(t)",
];

export interface SqlEngine {
  readonly connection: DuckDBConnection;
  /** Locks the engine: after it, SQL can reach the loaded tables and the query's own output directory, and nothing else. */
  lock(defaultDatabase: string | undefined, outputDirectory?: string): Promise<void>;
  end(): void;
}

/** Opens an engine. DuckDB is loaded with the first query. */
export async function openEngine(): Promise<SqlEngine> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance: DuckDBInstance = await DuckDBInstance.create(":memory:", OPTIONS);
  const connection = await instance.connect();
  await connection.run(`ATTACH ':memory:' AS ${CATALOG}`);
  // As in Trino: 1 / 2 is 0, and times are shown in UTC wherever the sandbox runs.
  await connection.run("SET integer_division = true");
  await connection.run("SET TimeZone = 'UTC'");
  for (const macro of MACROS) await connection.run(`CREATE MACRO ${macro}`);
  return {
    connection,
    async lock(defaultDatabase, outputDirectory) {
      // Even without a database of its own, a query can name Glue's (`"database"."table"`); macros are in the first one.
      const schema = defaultDatabase === undefined ? "main" : quoted(defaultDatabase);
      await connection.run(`SET search_path = ${literal(`${CATALOG}.${schema},memory.main`)}`);
      if (outputDirectory !== undefined)
        await connection.run(`SET allowed_directories = [${literal(outputDirectory)}]`);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET lock_configuration = true");
    },
    end() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A name as SQL quotes it. */
export function quoted(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}

/** A string as SQL quotes it. */
export function literal(value: string): string {
  return `'${value.replace(/'/g, "''")}'`;
}
