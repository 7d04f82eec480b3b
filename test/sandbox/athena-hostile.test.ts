/**
 * SQL that would read more than its caller may: it fails, each time for the reason that keeps it in.
 * Does not prove that DuckDB itself has no fault; the sandbox hands it nothing else to read.
 */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect } from "chai";
import { openEngine } from "../../packages/sandbox/services/athena/duckdb";
import { AthenaTopology } from "./athenaTopology";

const file = JSON.stringify(__filename).slice(1, -1);

/** Refused before anything runs. */
const refused = [
  `SELECT * FROM read_text('${file}')`,
  `SELECT * FROM read_csv('${file}')`,
  `SELECT * FROM read_parquet('${file}')`,
  `SELECT (SELECT content FROM read_text('${file}'))`,
  `SELECT * FROM unnest((SELECT list(content) FROM read_blob('${file}')))`,
  `WITH a AS (SELECT * FROM READ_TEXT('${file}')) SELECT * FROM a`,
  `SELECT * FROM customers WHERE id IN (SELECT content FROM read_text('${file}'))`,
  `SELECT * FROM "read_text"('${file}')`,
  "SELECT * FROM glob('/*')",
  `SELECT * FROM query('SELECT * FROM read_text(''${file}'')')`,
  "SELECT * FROM query_table('customers')",
  "SELECT * FROM duckdb_secrets()",
  "SELECT * FROM duckdb_settings()",
  "SELECT * FROM pragma_database_list()",
  "SELECT * FROM json_execute_serialized_sql('{}')",
  "SELECT current_setting('temp_directory')",
  "SELECT * FROM customers WHERE id = current_setting('temp_directory')",
  "SELECT system.main.CURRENT_SETTING('home_directory')",
  "SELECT list_transform(['temp_directory'], lambda x: current_setting(x))",
  "SELECT write_log('x')",
  "SELECT * FROM (SHOW ALL TABLES)",
  "SELECT * FROM customers, LATERAL (SELECT * FROM glob(customers.id))",
  "WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT 2 FROM a, read_text('x')) SELECT * FROM a",
  "SELECT 1 ORDER BY (SELECT count(*) FROM glob('/*'))",
  "SELECT 1 LIMIT (SELECT count(*) FROM glob('/*'))",
  "SELECT 1 UNION ALL SELECT content FROM read_text('x')",
  "ATTACH '/tmp/other.db'",
  "COPY (SELECT 1) TO '/tmp/written.csv'",
  "COPY customers FROM '/tmp/written.csv'",
  "EXPORT DATABASE '/tmp/exported'",
  "INSTALL httpfs",
  "LOAD httpfs",
  "SET enable_external_access = true",
  "RESET enable_external_access",
  "PRAGMA database_list",
  "CALL pragma_version()",
  "CREATE TABLE t (x int)",
  "CREATE TEMP TABLE t AS SELECT 1",
  "CREATE VIEW v AS SELECT 1",
  "UNLOAD (SELECT 1 AS x) TO (FORMAT CSV)",
  "UNLOAD (COPY (SELECT 1) TO '/tmp/written.csv') TO 's3://account-a-athena-results/team/u' WITH (format = 'PARQUET')",
  "UNLOAD (SELECT * FROM read_text('/etc/passwd')) TO 's3://account-a-athena-results/team/u' WITH (format = 'PARQUET')",
  "CREATE OR REPLACE MACRO cardinality(x) AS 1",
  "SELECT 1; SELECT 2",
  "SELECT 1; COPY (SELECT 1) TO '/tmp/written.csv'",
  "EXPLAIN SELECT 1",
];

/** Names of tables that only DuckDB knows, and files by its replacement scans. */
const noTables = [
  `SELECT * FROM '${file}'`,
  `SELECT * FROM "${file}"`,
  "SELECT * FROM 'https://127.0.0.1/x.parquet'",
  "SELECT * FROM 's3://account-b-sagemaker-data/customers/data/year=2024/one.parquet'",
  "SELECT * FROM sqlite_master",
  "SELECT * FROM duckdb_tables",
  "SELECT * FROM information_schema.tables",
  "SELECT * FROM pg_catalog.pg_tables",
  "SELECT * FROM system.main.duckdb_tables",
  "SELECT * FROM memory.main.x",
  "SELECT * FROM other_database.customers",
];

describe("Athena: hostile SQL", function () {
  this.timeout(30_000);
  const topology = new AthenaTopology();
  before(() => topology.start());
  after(() => topology.sandbox.close());

  // The role may read every name of the catalog, so that only the engine keeps it in.
  before(async () => {
    await topology.grant([], { Effect: "Allow", Action: "glue:Get*", Resource: "*" });
  });

  for (const sql of refused)
    it(`refuses ${sql.replace(file, "FILE")}`, async () => {
      expect(await topology.failure(sql)).to.match(/^(NOT_SUPPORTED|SYNTAX_ERROR|FUNCTION_NOT_FOUND): /);
    });

  for (const sql of noTables)
    it(`finds no table for ${sql.replace(file, "FILE")}`, async () => {
      expect(await topology.failure(sql)).to.match(/^(TABLE|SCHEMA|CATALOG)_NOT_FOUND: line 1:15: /);
    });

  it("knows no environment", async () => {
    expect(await topology.failure("SELECT getenv('HOME')")).to.match(/^FUNCTION_NOT_FOUND: .*getenv/);
  });

  it("does not read a table that a common table expression hides elsewhere in the query", async () => {
    await topology.table("secret");
    await topology.put("secret/data/s.parquet", [{ id: "secret", age: 1n, score: 1 }]);
    const reasons = [
      "SELECT * FROM secret",
      "SELECT * FROM store.secret",
      'SELECT * FROM "AwsDataCatalog"."store"."SECRET"',
      "WITH secret AS (SELECT * FROM store.secret) SELECT * FROM secret",
      "WITH secret AS (SELECT * FROM secret) SELECT * FROM secret",
      "SELECT * FROM (WITH secret AS (SELECT 1 AS x) SELECT * FROM secret) a, secret b",
      "SELECT (SELECT max(id) FROM secret) FROM customers",
    ];
    for (const sql of reasons)
      expect(await topology.failure(sql), sql).to.match(/Permission denied on S3 path/);
  });

  it("takes names of tables and objects as names", async () => {
    const name = `x"'); drop table y; --`;
    await topology.table(name, "customers");
    expect(await topology.rows(`SELECT count(*) FROM "${name.replace(/"/g, '""')}"`)).to.deep.equal([
      ["_col0"],
      ["2"],
    ]);
    const key = `customers/data/'] , '${file}', ['*.parquet`;
    await topology.put(key, [{ id: "three", age: 3n, score: 3 }]);
    expect(await topology.rows("SELECT count(*) FROM customers")).to.deep.equal([["_col0"], ["3"]]);
  });

  it("takes parameters as values", async () => {
    const with_ = (...ExecutionParameters: string[]) =>
      topology.rows("SELECT count(*) FROM customers WHERE id = ?", { ExecutionParameters });
    expect(await with_("'one'")).to.deep.equal([["_col0"], ["1"]]);
    for (const parameter of ["'one' OR true", "'one' -- ", "'x') OR (true", "'a' UNION SELECT 1"]) {
      const reason = await topology.failure("SELECT count(*) FROM customers WHERE id = ?", {
        ExecutionParameters: [parameter],
      });
      expect(reason, parameter).to.match(/^(SYNTAX_ERROR|INVALID_PARAMETER_USAGE): /);
    }
  });

  it("ends a result that is larger than memory should hold, and goes on", async () => {
    const reason = await topology.failure("SELECT repeat('x', 100) FROM range(2000000)");
    expect(reason).to.match(/^EXCEEDED_LOCAL_MEMORY_LIMIT: /);
    expect(await topology.rows("SELECT 1")).to.deep.equal([["_col0"], ["1"]]);
  });

  it("leaves no file behind", () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("sandbox-athena-"))).to.deep.equal([]);
  });

  it("is locked by itself, too: the engine refuses what the parser would have let pass", async () => {
    const engine = await openEngine();
    try {
      await engine.lock(undefined);
      for (const sql of [
        `SELECT * FROM read_text('${file}')`,
        "SELECT * FROM glob('/*')",
        "COPY (SELECT 1) TO '/tmp/written.csv'",
        "ATTACH '/tmp/other.db'",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "INSTALL httpfs",
        "LOAD httpfs",
      ]) {
        const message = await engine.connection.run(sql).then(
          () => "it ran",
          (error: unknown) => (error as Error).message,
        );
        expect(message, sql).to.match(/disabled|locked|Permission/i);
      }
    } finally {
      engine.end();
    }
  });
});
