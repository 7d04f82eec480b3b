/**
 * A query before it runs: inserts its parameters, checks its form, and finds the tables that it reads, all with the parser of the engine that
 * runs it. Statements other than queries, and functions that read anything but tables, are refused here.
 */
import type { DuckDBConnection } from "@duckdb/node-api";

/** The query fails for this reason, in Athena's words. */
export class QueryFailed extends Error {}

export interface TableReference {
  /** Each in lower case; empty if the query does not say. */
  readonly catalog: string;
  readonly database: string;
  readonly table: string;
  /** The position at which the query first names it, as in Trino's errors: `line 1:15`. */
  readonly at: string;
}

export interface ParsedQuery {
  readonly sql: string;
  readonly tables: readonly TableReference[];
  /** Names for the result's columns that the query leaves unnamed, by position; empty if `*` makes positions unknown. */
  readonly unnamed: ReadonlySet<number>;
}

/** Table functions that make rows from their arguments only. */
const HARMLESS_TABLE_FUNCTIONS = new Set(["unnest", "generate_series", "range"]);
/** Functions of DuckDB that show the engine itself, or write to its log. */
const FORBIDDEN_FUNCTIONS =
  /^(current_setting|getvariable|getenv|current_query|txid_current|write_log|nextval|currval|in_search_path|has_.*_privilege|json_(de)?serialize_(sql|plan)|parse_duckdb_log_message)$/;

/** @throws QueryFailed for anything but a single query */
export async function parseQuery(connection: DuckDBConnection, sql: string): Promise<ParsedQuery> {
  const text = sql.trim().replace(/;\s*$/, "");
  const result = await connection.runAndReadAll("SELECT json_serialize_sql(CAST($sql AS VARCHAR))", {
    sql: text,
  });
  const ast = JSON.parse(String(result.getRows()[0]?.[0])) as Ast;
  if (ast.error) throw notAQuery(text, ast);
  const [statement, another] = ast.statements ?? [];
  if (!statement || another)
    throw new QueryFailed("SYNTAX_ERROR: Only one sql statement is allowed. Got: " + text);
  const tables = new Map<string, Found>();
  collect(statement, new Set(), tables);
  const start = sql.length - sql.trimStart().length;
  return {
    sql: await translated(connection, text, ast),
    tables: [...tables.values()].map(({ offset, ...table }) => ({
      ...table,
      at: positionIn(sql, start, offset),
    })),
    unnamed: unnamedColumns(statement),
  };
}

/** Rewrites date formats, which a macro cannot do: DuckDB accepts them only as constants, in another notation than Trino. */
async function translated(connection: DuckDBConnection, text: string, ast: Ast): Promise<string> {
  if (!translateDates(ast)) return text;
  const result = await connection.runAndReadAll(
    "SELECT json_deserialize_sql(CAST(CAST($ast AS VARCHAR) AS JSON))",
    { ast: JSON.stringify(ast, exactly) },
  );
  return String(result.getRows()[0]?.[0]);
}

/**
 * The tree's members as sent back: without positions, because their value for "nowhere" is a number that JavaScript rounds.
 * @throws QueryFailed for a number of the query itself that JavaScript has rounded
 */
function exactly(name: string, value: unknown): unknown {
  if (name === "query_location") return undefined;
  if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new QueryFailed(
      "NOT_SUPPORTED: the sandbox does not support numbers beyond 2^53 in a query with date_parse",
    );
  return value;
}

/** `date_parse(s, '%H:%i:%s')` -> `strptime(s, '%H:%M:%S')`. @returns true if there was one */
function translateDates(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const node = value as Record<string, unknown>;
  // Visit every part: a query may have several dates.
  const within = Object.values(node).map(translateDates).includes(true);
  if (typeof node["function_name"] !== "string" || node["function_name"].toLowerCase() !== "date_parse")
    return within;
  const [, format] = node["children"] as { value?: { value?: unknown } }[];
  if (format?.value && typeof format.value.value === "string")
    format.value.value = format.value.value.replace(/%i/g, "%M").replace(/%s/g, "%S");
  node["function_name"] = "strptime";
  return true;
}

/** A table and the position where the query names it, in bytes. */
type Found = Omit<TableReference, "at"> & { readonly offset: number };

interface Ast {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node: Node }[];
}

interface Node {
  readonly type?: string;
  readonly [member: string]: unknown;
}

function notAQuery(text: string, { error_type: type, error_message: message }: Ast): QueryFailed {
  if (type !== "parser")
    return new QueryFailed(
      `NOT_SUPPORTED: the sandbox runs queries only (SELECT, WITH, VALUES), not ${text.split(/\s/, 1)[0]?.toUpperCase()}`,
    );
  return new QueryFailed(`SYNTAX_ERROR: ${message ?? "the query cannot be parsed"}`);
}

/** All tables that a node reads, except common table expressions in scope. */
function collect(value: unknown, names: ReadonlySet<string>, tables: Map<string, Found>): void {
  if (Array.isArray(value)) return value.forEach((item) => collect(item, names, tables));
  if (typeof value !== "object" || value === null) return;
  const node = value as Node;
  const scope = withExpressions(node, names, tables);
  if (node.type === "BASE_TABLE") addTable(node, scope, tables);
  if (node.type === "TABLE_FUNCTION") checkTableFunction(node);
  if (node.type === "FUNCTION") checkFunction(node);
  if (node.type === "SHOW_REF")
    throw new QueryFailed("NOT_SUPPORTED: the sandbox runs queries only (SELECT, WITH, VALUES)");
  for (const [member, item] of Object.entries(node)) if (member !== "cte_map") collect(item, scope, tables);
}

/**
 * Collects the tables of the node's own WITH, and returns the names in scope below the node. Each expression sees those before it, and itself
 * only if it is recursive, so that `WITH t AS (SELECT * FROM t)` reads the table t.
 */
function withExpressions(
  node: Node,
  names: ReadonlySet<string>,
  tables: Map<string, Found>,
): ReadonlySet<string> {
  const entries = (node["cte_map"] as { map?: { key: string; value: unknown }[] } | undefined)?.map ?? [];
  const scope = new Set(names);
  for (const { key, value } of entries) {
    const name = key.toLowerCase();
    const recursive = JSON.stringify(value).includes('"type":"RECURSIVE_CTE_NODE"');
    collect(value, recursive ? new Set([...scope, name]) : scope, tables);
    scope.add(name);
  }
  return scope;
}

function addTable(node: Node, names: ReadonlySet<string>, tables: Map<string, Found>): void {
  const lower = (member: string) => nameIn(node, member).toLowerCase();
  const [catalog, database, table] = [lower("catalog_name"), lower("schema_name"), lower("table_name")];
  if (catalog === "" && database === "" && names.has(table)) return;
  const key = JSON.stringify([catalog, database, table]);
  if (!tables.has(key)) tables.set(key, { catalog, database, table, offset: Number(node["query_location"]) });
}

/** `line 1:15`. @param offset in bytes from `start`, as DuckDB counts; Trino counts characters */
function positionIn(sql: string, start: number, offset: number): string {
  const before = sql.slice(0, start) + Buffer.from(sql.slice(start)).subarray(0, offset).toString();
  const lines = before.split("\n");
  return `line ${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

function nameIn(node: Node, member: string): string {
  const name = node[member];
  return typeof name === "string" ? name : "";
}

function checkFunction(node: Node): void {
  const name = nameIn(node, "function_name").toLowerCase();
  if (FORBIDDEN_FUNCTIONS.test(name))
    throw new QueryFailed(`FUNCTION_NOT_FOUND: Function '${name}' not registered`);
}

function checkTableFunction(node: Node): void {
  const name = nameIn(node["function"] as Node, "function_name").toLowerCase();
  if (!HARMLESS_TABLE_FUNCTIONS.has(name))
    throw new QueryFailed(`FUNCTION_NOT_FOUND: Table function '${name}' not registered`);
}

/** Positions of unnamed expressions, which Athena calls `_col0`, `_col1`... */
function unnamedColumns({ node }: { readonly node: Node }): ReadonlySet<number> {
  const columns = (node["select_list"] ?? []) as Node[];
  if (columns.some(({ type }) => type === "STAR")) return new Set();
  return new Set(
    columns.flatMap((column, index) =>
      column["alias"] === "" && column.type !== "COLUMN_REF" ? [index] : [],
    ),
  );
}

/** A complete literal. */
const PARAMETER =
  /^\s*(?:(?:date\s+|timestamp\s+)?'(?:[^']|'')*'|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|true|false|null)\s*$/i;

/**
 * The query with each `?` replaced by its parameter, which is a literal in Athena's form (`'text'`, `5`).
 * @throws QueryFailed if the number of parameters differs
 */
export function withParameters(sql: string, parameters: readonly string[] | undefined): string {
  if (!parameters) return sql;
  const odd = parameters.find((value) => !PARAMETER.test(value));
  if (odd !== undefined)
    throw new QueryFailed(
      `INVALID_PARAMETER_USAGE: the sandbox accepts only literals as parameters ('text', 5, true, DATE '2024-01-01'), not ${odd}`,
    );
  let used = 0;
  // Strings, quoted names and comments are matched as a whole, so that a ? in them is kept.
  const filled = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g, (part) =>
    part === "?" ? (parameters[used++] ?? "NULL") : part,
  );
  if (used !== parameters.length)
    throw new QueryFailed(
      `INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected ${used} but found ${parameters.length}`,
    );
  return filled;
}
