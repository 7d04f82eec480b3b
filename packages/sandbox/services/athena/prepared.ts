/** Prepared statements of workgroups, and EXECUTE. Source: Amazon Athena API Reference, "CreatePreparedStatement"; User Guide, "Use parameterized queries". */
import { AwsError, type Call, type Collection, type Store, type World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { QueryFailed, withParameters } from "./sql";
import { authorizeWorkGroup, entityKey, findWorkGroup, invalid, page, placeOf, type Query } from "./state";

interface Prepared {
  readonly StatementName: string;
  readonly QueryStatement: string;
  readonly WorkGroupName: string;
  readonly Description?: string;
  /** Seconds since 1970. */
  readonly LastModifiedTime: number;
}

interface Request {
  readonly StatementName: string;
  readonly WorkGroup: string;
  readonly QueryStatement: string;
  readonly Description?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

export const statements = (store: Store): Collection<Prepared> => store.collection("athena.prepared");

/** The statement's key, once the caller may do `action` in its workgroup. */
function authorized(world: World, call: Call, action: string, { WorkGroup, StatementName }: Request): string {
  authorizeWorkGroup(world, call, action, WorkGroup);
  findWorkGroup(world, placeOf(call), WorkGroup);
  return keyOf(call, WorkGroup, StatementName);
}

const keyOf = (call: Call, group: string, name = "") => entityKey(placeOf(call), `${group}/${name}`);

/** Keys of a workgroup's statements in the store. */
export function preparedIn(world: World, call: Call, group: string): string[] {
  const prefix = keyOf(call, group);
  return [...statements(world.store).entries()].map(([key]) => key).filter((key) => key.startsWith(prefix));
}

function found(world: World, key: string, name: string): Prepared {
  const statement = statements(world.store).get(key);
  if (statement) return statement;
  const message = `PreparedStatement ${name} was not found`;
  throw new AwsError("ResourceNotFoundException", message, 400, { ResourceName: name });
}

function put(world: World, key: string, request: Request): Record<string, unknown> {
  const { StatementName, QueryStatement, WorkGroup: WorkGroupName, Description } = request;
  statements(world.store).set(key, {
    StatementName,
    QueryStatement,
    WorkGroupName,
    ...(Description === undefined ? {} : { Description }),
    LastModifiedTime: jsonDate(world.now()),
  });
  return {};
}

export function createPreparedStatement(world: World, call: Call, request: Request) {
  const key = authorized(world, call, "CreatePreparedStatement", request);
  if (statements(world.store).has(key))
    throw invalid(`PreparedStatement ${request.StatementName} already exists`);
  return put(world, key, request);
}

export function updatePreparedStatement(world: World, call: Call, request: Request) {
  const key = authorized(world, call, "UpdatePreparedStatement", request);
  found(world, key, request.StatementName);
  return put(world, key, request);
}

export function getPreparedStatement(world: World, call: Call, request: Request) {
  const key = authorized(world, call, "GetPreparedStatement", request);
  return { PreparedStatement: found(world, key, request.StatementName) };
}

export function deletePreparedStatement(world: World, call: Call, request: Request) {
  const key = authorized(world, call, "DeletePreparedStatement", request);
  found(world, key, request.StatementName);
  statements(world.store).delete(key);
  return {};
}

export function listPreparedStatements(world: World, call: Call, request: Request) {
  authorized(world, call, "ListPreparedStatements", request);
  const prefix = keyOf(call, request.WorkGroup);
  const own = [...statements(world.store).entries()]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, { StatementName, LastModifiedTime }]) => ({ StatementName, LastModifiedTime }))
    .sort((a, b) => (a.StatementName < b.StatementName ? -1 : 1));
  const { listed, NextToken } = page(own, request, 50);
  return { PreparedStatements: listed, NextToken };
}

/** One literal of `USING 1, 'a, b'`. */
const ARGUMENT = /\s*((?:[a-z]+\s+)?'(?:[^']|'')*'|[^,']+?)\s*(?:,|$)/iy;

/** The SQL to run: the prepared statement of an EXECUTE with its parameters, else the query's own. @throws QueryFailed */
export function executed(world: World, call: Call, { sql, parameters, workGroup }: Query): string {
  const match = /^\s*execute\s+([a-z_][a-z0-9_@:]*)(?:\s+using\s+([\s\S]+?))?\s*;?\s*$/i.exec(sql);
  if (!match) return withParameters(sql, parameters);
  const [, name = "", using] = match;
  try {
    authorizeWorkGroup(world, call, "GetPreparedStatement", workGroup);
    const { QueryStatement } = found(world, keyOf(call, workGroup, name), name);
    return withParameters(QueryStatement, using === undefined ? (parameters ?? []) : argumentsOf(using));
  } catch (error) {
    if (error instanceof AwsError)
      throw new QueryFailed(
        `${error.code === "AccessDeniedException" ? "PERMISSION_DENIED" : "NOT_FOUND"}: ${error.message}`,
      );
    throw error;
  }
}

function argumentsOf(using: string): string[] {
  const found: string[] = [];
  ARGUMENT.lastIndex = 0;
  while (ARGUMENT.lastIndex < using.length) {
    const match = ARGUMENT.exec(using);
    if (!match)
      throw new QueryFailed("SYNTAX_ERROR: EXECUTE ... USING needs literals, with commas between them");
    found.push(match[1] ?? "");
  }
  return found;
}
