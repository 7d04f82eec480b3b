/**
 * The statements besides queries that the sandbox runs: CREATE TABLE AS, UNLOAD and DROP TABLE. Their own part is parsed here, the query in
 * them by the engine. Source: Athena User Guide, "CREATE TABLE AS", "UNLOAD", "DROP TABLE".
 */
import { QueryFailed } from "./sql";

export interface TableName {
  readonly database?: string;
  readonly table: string;
}

export type Properties = Readonly<Record<string, string | boolean | readonly string[]>>;

export type Statement =
  | { readonly kind: "query"; readonly query: string }
  | {
      readonly kind: "createTable";
      readonly name: TableName;
      readonly ifNotExists: boolean;
      readonly properties: Properties;
      readonly query: string;
      readonly withData: boolean;
    }
  | {
      readonly kind: "unload";
      readonly query: string;
      readonly location: string;
      readonly properties: Properties;
    }
  | { readonly kind: "dropTable"; readonly name: TableName; readonly ifExists: boolean };

/** Parses these statements; all others are queries. @throws QueryFailed for a malformed one */
export function parseStatement(sql: string): Statement {
  const reader = new Reader(sql.trim().replace(/;\s*$/, ""));
  if (reader.words("create", "table")) return createTable(reader) ?? { kind: "query", query: sql };
  if (reader.words("unload")) return unload(reader);
  if (reader.words("drop", "table")) return dropTable(reader);
  return { kind: "query", query: sql };
}

/** Undefined for a CREATE TABLE without a query. */
function createTable(reader: Reader): Statement | undefined {
  const ifNotExists = reader.words("if", "not", "exists");
  const name = reader.name();
  const properties = reader.words("with") ? reader.properties() : {};
  if (!reader.words("as")) return undefined;
  const text = reader.rest();
  const end = /\swith\s+(no\s+)?data\s*$/i.exec(text);
  const query = end ? text.slice(0, end.index) : text;
  return { kind: "createTable", name, ifNotExists, properties, query, withData: end?.[1] === undefined };
}

function unload(reader: Reader): Statement {
  const query = reader.parenthesized();
  if (!reader.words("to")) throw reader.expected("'TO'");
  const location = reader.text();
  const properties = reader.words("with") ? reader.properties() : {};
  reader.end();
  return { kind: "unload", query, location, properties };
}

function dropTable(reader: Reader): Statement {
  const ifExists = reader.words("if", "exists");
  const name = reader.name();
  reader.end();
  return { kind: "dropTable", name, ifExists };
}

/** White space and comments between the parts. */
const GAP = /(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y;
const NAME = /"((?:[^"]|"")+)"|`([^`]+)`|([a-z_][a-z0-9_]*)/iy;
const TEXT = /'((?:[^']|'')*)'/y;
const WORD = /[a-z_][a-z0-9_]*|\d+(?:\.\d+)?/iy;
/** One piece of a query: strings, quoted names and comments are matched as a whole, so that parentheses in them do not count. */
const PIECE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[\s\S]/y;

class Reader {
  #at = 0;

  constructor(readonly sql: string) {}

  /** Consumes these words if they come next. */
  words(...words: string[]): boolean {
    const before = this.#at;
    for (const word of words)
      if (this.#take(WORD)?.[0].toLowerCase() !== word) {
        this.#at = before;
        return false;
      }
    return true;
  }

  name(): TableName {
    const parts = [this.#part()];
    while (this.#symbol(".")) parts.push(this.#part());
    const [table = "", database, catalog] = parts.reverse();
    if (parts.length > 3 || (catalog !== undefined && catalog !== "awsdatacatalog"))
      throw new QueryFailed(`CATALOG_NOT_FOUND: Catalog '${catalog}' does not exist`);
    return { table, ...(database === undefined ? {} : { database }) };
  }

  #part(): string {
    const match = this.#take(NAME);
    if (!match) throw this.expected("<identifier>");
    return (match[1]?.replace(/""/g, '"') ?? match[2] ?? match[3] ?? "").toLowerCase();
  }

  text(): string {
    const match = this.#take(TEXT);
    if (!match) throw this.expected("<string>");
    return (match[1] ?? "").replace(/''/g, "'");
  }

  /** `(name = 'text', other = ARRAY['a'], third = true)`. */
  properties(): Properties {
    if (!this.#symbol("(")) throw this.expected("'('");
    const properties: Record<string, string | boolean | readonly string[]> = {};
    do {
      const name = this.#part();
      if (!this.#symbol("=")) throw this.expected("'='");
      properties[name] = this.#value();
    } while (this.#symbol(","));
    if (!this.#symbol(")")) throw this.expected("')'");
    return properties;
  }

  #value(): string | boolean | readonly string[] {
    const text = this.#take(TEXT);
    if (text) return (text[1] ?? "").replace(/''/g, "'");
    if (this.words("array")) {
      const items: string[] = [];
      if (!this.#symbol("[")) throw this.expected("'['");
      while (!this.#symbol("]")) {
        items.push(this.text());
        this.#symbol(",");
      }
      return items;
    }
    const word = this.#take(WORD)?.[0].toLowerCase();
    if (word === undefined) throw this.expected("<expression>");
    return word === "true" || word === "false" ? word === "true" : word;
  }

  parenthesized(): string {
    if (!this.#symbol("(")) throw this.expected("'('");
    const from = this.#at;
    for (let depth = 1; depth > 0;) {
      PIECE.lastIndex = this.#at;
      const piece = PIECE.exec(this.sql)?.[0];
      if (piece === undefined) throw this.expected("')'");
      this.#at += piece.length;
      depth += piece === "(" ? 1 : piece === ")" ? -1 : 0;
    }
    return this.sql.slice(from, this.#at - 1);
  }

  rest(): string {
    const rest = this.sql.slice(this.#at);
    this.#at = this.sql.length;
    return rest;
  }

  end(): void {
    this.#gap();
    if (this.#at < this.sql.length) throw this.expected("<EOF>");
  }

  /** The error in Trino's words. */
  expected(what: string): QueryFailed {
    this.#gap();
    const lines = this.sql.slice(0, this.#at).split("\n");
    const found = this.sql.slice(this.#at).split(/\s/, 1)[0] || "<EOF>";
    return new QueryFailed(
      `SYNTAX_ERROR: line ${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: mismatched input '${found}'. Expecting: ${what}`,
    );
  }

  #gap(): void {
    GAP.lastIndex = this.#at;
    this.#at += GAP.exec(this.sql)?.[0].length ?? 0;
  }

  #take(form: RegExp): RegExpExecArray | null {
    this.#gap();
    form.lastIndex = this.#at;
    const match = form.exec(this.sql);
    if (match) this.#at += match[0].length;
    return match;
  }

  #symbol(symbol: string): boolean {
    this.#gap();
    if (!this.sql.startsWith(symbol, this.#at)) return false;
    this.#at += symbol.length;
    return true;
  }
}
