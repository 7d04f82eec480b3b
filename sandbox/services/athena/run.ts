/** The run of one query, with the permissions of its caller all through. */
import type { DuckDBResult } from "@duckdb/node-api";
import { AwsError, type Call, type World } from "../../core";
import { openEngine, type SqlEngine } from "./duckdb";
import { outputBucket } from "./outputLocation";
import { printed } from "./printing";
import { columnOf, csvOf, type Rows } from "./resultFile";
import { parseQuery, QueryFailed, withParameters } from "./sql";
import { forwarded, type Column, type Query } from "./state";
import { loadTables } from "./tables";

/** A query that takes longer is ended, in milliseconds: Athena's own limit of 30 minutes is more than a sandbox has. */
const PATIENCE = 60_000;

/** Characters of a result: it is kept whole in memory before it is written. Athena itself has no such limit. */
const LARGEST_RESULT = 32 * 1024 * 1024;

export interface Finished {
  readonly columns: readonly Column[];
  readonly scannedBytes: number;
}

/**
 * Reads, computes, writes the result.
 * @param onEngine given the way to interrupt it
 * @throws QueryFailed with the reason that the query's status tells
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
    // The engine forgets an interruption that comes between two of its statements.
    interrupting ??= setInterval(() => engine.connection.interrupt(), 50);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    interrupt();
  }, PATIENCE);
  onEngine(interrupt);
  try {
    const parsed = await parseQuery(engine.connection, withParameters(query.sql, query.parameters));
    const scannedBytes = await loadTables(world, asCaller, engine, parsed.tables, query);
    await engine.lock(query.database);
    const { columns, rows } = await execute(engine, parsed);
    await writeResult(world, asCaller, query, columns, rows);
    return { columns, scannedBytes };
  } catch (error) {
    if (timedOut)
      throw new QueryFailed(`Query timeout: the sandbox ends a query after ${PATIENCE / 1000} seconds`);
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(interrupting);
    engine.end();
  }
}

async function execute(
  { connection }: SqlEngine,
  { sql, unnamed }: { readonly sql: string; readonly unnamed: ReadonlySet<number> },
): Promise<{ columns: Column[]; rows: Rows }> {
  try {
    const result = await connection.stream(sql);
    const names = result.columnNames();
    const columns = result
      .columnTypes()
      .map((type, index) =>
        columnOf(unnamed.has(index) ? `_col${index}` : (names[index] ?? "").toLowerCase(), String(type)),
      );
    return { columns, rows: await bounded(result) };
  } catch (error) {
    if (error instanceof QueryFailed) throw error;
    const [kind = "", ...rest] = ((error as Error).message.split("\n")[0] ?? "").split(": ");
    throw new QueryFailed(`${CODES[kind] ?? "GENERIC_USER_ERROR"}: ${rest.join(": ") || kind}`);
  }
}

/** The rows chunk by chunk: the engine's own limit of memory does not hold for what is read from it. */
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

/** Trino's names for the kinds of errors that DuckDB has. */
const CODES: Readonly<Record<string, string>> = {
  "Binder Error": "COLUMN_NOT_FOUND",
  "Catalog Error": "FUNCTION_NOT_FOUND",
  "Conversion Error": "INVALID_CAST_ARGUMENT",
  "Parser Error": "SYNTAX_ERROR",
  "Out of Memory Error": "EXCEEDED_MEMORY_LIMIT",
};

async function writeResult(
  world: World,
  call: Call,
  { id, result }: Query,
  columns: readonly Column[],
  rows: Rows,
): Promise<void> {
  const location = result.OutputLocation ?? "";
  const { bucket, prefix } = outputBucket(location);
  const { s3 } = world.services;
  const { EncryptionConfiguration: encryption, ExpectedBucketOwner: owner } = result;
  const sse =
    encryption === undefined
      ? undefined
      : encryption.EncryptionOption === "SSE_KMS"
        ? ({ algorithm: "aws:kms", keyId: encryption.KmsKey } as const)
        : ({ algorithm: "AES256" } as const);
  const acl = result.AclConfiguration ? "bucket-owner-full-control" : undefined;
  try {
    if (owner !== undefined && s3.bucketInfo(bucket)?.owner !== owner)
      throw new AwsError("AccessDenied", `the bucket's owner is not the expected ${owner}`, 403);
    const put = (suffix: string, body: string, contentType: string) =>
      s3.putObject(call, {
        bucket,
        key: `${prefix}${id}${suffix}`,
        body: Buffer.from(body),
        contentType,
        acl,
        sse,
      });
    await put(".csv", csvOf(columns, rows), "application/octet-stream");
    await put(".csv.metadata", JSON.stringify({ columns }), "application/octet-stream");
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new QueryFailed(
      `Access denied when writing output to url: ${location}${id}.csv . Please ensure you are allowed to access the S3 bucket. ` +
        `If you are encrypting query results with KMS key, please ensure you are allowed to access your KMS key (${error.message})`,
    );
  }
}
