/** Runs one query, entirely with its caller's permissions. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBResult } from "@duckdb/node-api";
import { AwsError, type Call, type World } from "../../core";
import { openEngine, type SqlEngine } from "./duckdb";
import { outputOf } from "./output";
import { outputBucket } from "./outputLocation";
import { printed } from "./printing";
import { columnOf, csvOf, type Rows } from "./resultFile";
import { executed } from "./prepared";
import { parseQuery, QueryFailed } from "./sql";
import { forwarded, type Column, type Query, type Written } from "./state";
import { parseStatement } from "./statements";
import { loadTables } from "./tables";
import { createTableAs, dropTable, unload, type Run } from "./writing";

/** Milliseconds that a query may take. Athena's own limit is 30 minutes. */
const PATIENCE = 60_000;

/** Maximum characters of a result: it is held in memory before it is written. Athena itself has no such limit. */
const LARGEST_RESULT = 32 * 1024 * 1024;

export interface Finished {
  readonly columns: readonly Column[];
  readonly scannedBytes: number;
  /** Only for a statement that is not a query. */
  readonly written?: Written;
}

/**
 * Reads tables, computes, and writes the result.
 * @param onEngine receives a function that interrupts the query
 * @throws QueryFailed with the reason for the query's status
 */
export async function runQuery(
  world: World,
  call: Call,
  query: Query,
  onEngine: (interrupt: () => void) => void,
): Promise<Finished> {
  const asCaller = forwarded(call);
  const engine = await openEngine();
  let timedOut = false;
  let interrupting: NodeJS.Timeout | undefined;
  const interrupt = () => {
    engine.connection.interrupt();
    // The engine ignores an interruption between two of its statements, so it is repeated.
    interrupting ??= setInterval(() => engine.connection.interrupt(), 50);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    interrupt();
  }, PATIENCE);
  onEngine(interrupt);
  let directory: string | undefined;
  try {
    const statement = parseStatement(executed(world, call, query));
    const run = { world, call: asCaller, query };
    if (statement.kind === "dropTable")
      return { columns: [], scannedBytes: 0, written: await dropTable(run, statement) };
    const parsed = await parseQuery(engine.connection, statement.query);
    const scannedBytes = await loadTables(world, asCaller, engine, parsed.tables, query);
    if (statement.kind !== "query") {
      directory = await mkdtemp(join(tmpdir(), "sandbox-athena-"));
      await engine.lock(query.database, directory);
      const writing: Run = { ...run, engine, directory };
      const written = await asTrino(() =>
        statement.kind === "unload"
          ? unload(writing, statement, parsed)
          : createTableAs(writing, statement, parsed),
      );
      return { columns: [columnOf("rows", "BIGINT")], scannedBytes, written };
    }
    await engine.lock(query.database);
    const { columns, rows } = await execute(engine, parsed);
    await writeResult(run, columns, rows);
    return { columns, scannedBytes };
  } catch (error) {
    if (timedOut)
      throw new QueryFailed(`Query timeout: the sandbox ends a query after ${PATIENCE / 1000} seconds`);
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(interrupting);
    engine.end();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

function execute(
  { connection }: SqlEngine,
  { sql, unnamed }: { readonly sql: string; readonly unnamed: ReadonlySet<number> },
): Promise<{ columns: Column[]; rows: Rows }> {
  return asTrino(async () => {
    const result = await connection.stream(sql);
    const names = result.columnNames();
    const columns = result
      .columnTypes()
      .map((type, index) =>
        columnOf(unnamed.has(index) ? `_col${index}` : (names[index] ?? "").toLowerCase(), String(type)),
      );
    return { columns, rows: await bounded(result) };
  });
}

/** The engine's errors in Trino's words. */
async function asTrino<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QueryFailed) throw error;
    // An invalid location, or one that the caller may not use.
    if (error instanceof AwsError) throw new QueryFailed(`GENERIC_USER_ERROR: ${error.message}`);
    const [kind = "", ...rest] = ((error as Error).message.split("\n")[0] ?? "").split(": ");
    throw new QueryFailed(`${CODES[kind] ?? "GENERIC_USER_ERROR"}: ${rest.join(": ") || kind}`);
  }
}

/** Reads the rows in chunks, because the engine's memory limit does not apply to results. */
async function bounded(result: DuckDBResult): Promise<Rows> {
  const types = result.columnTypes();
  const rows: (string | undefined)[][] = [];
  let characters = 0;
  for await (const chunk of result.yieldRows())
    for (const row of chunk) {
      const values = types.map((type, index) => printed(row[index], type));
      for (const value of values) characters += (value?.length ?? 0) + 1;
      if (characters > LARGEST_RESULT)
        throw new QueryFailed(
          `EXCEEDED_LOCAL_MEMORY_LIMIT: the sandbox's results have at most ${LARGEST_RESULT.toLocaleString("en")} characters`,
        );
      rows.push(values);
    }
  return rows;
}

/** Trino's names for DuckDB's kinds of errors. */
const CODES: Readonly<Record<string, string>> = {
  "Binder Error": "COLUMN_NOT_FOUND",
  "Catalog Error": "FUNCTION_NOT_FOUND",
  "Conversion Error": "INVALID_CAST_ARGUMENT",
  "Parser Error": "SYNTAX_ERROR",
  "Out of Memory Error": "EXCEEDED_MEMORY_LIMIT",
};

async function writeResult(
  { world, call, query }: Pick<Run, "world" | "call" | "query">,
  columns: readonly Column[],
  rows: Rows,
): Promise<void> {
  const { bucket, prefix } = outputBucket(query.result.OutputLocation ?? "");
  const put = outputOf(world, call, query);
  const key = `${prefix}${query.id}.csv`;
  await put({ bucket, key }, Buffer.from(csvOf(columns, rows)));
  await put({ bucket, key: `${key}.metadata` }, Buffer.from(JSON.stringify({ columns })));
}
