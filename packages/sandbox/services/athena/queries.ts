/** Queries and their status. Source: Amazon Athena API Reference, "StartQueryExecution" and related operations. */
import { randomUUID } from "node:crypto";
import type { Call, World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { checkOutput, outputBucket, resultsOf } from "./outputLocation";
import { runQuery } from "./run";
import { QueryFailed } from "./sql";
import { parseStatement } from "./statements";
import {
  authorizeWorkGroup,
  DEFAULTS,
  entityKey,
  findWorkGroup,
  invalid,
  page,
  placeOf,
  queries,
  type Query,
  type ResultConfiguration,
} from "./state";
import { checkResults } from "./workgroups";

/** Functions that interrupt running queries, by ID. */
const running = new WeakMap<World, Map<string, () => void>>();

interface StartRequest {
  readonly QueryString: string;
  readonly ClientRequestToken?: string;
  readonly QueryExecutionContext?: { readonly Database?: string; readonly Catalog?: string };
  readonly ResultConfiguration?: ResultConfiguration;
  readonly WorkGroup?: string;
  readonly ExecutionParameters?: readonly string[];
}

export function startQueryExecution(world: World, call: Call, request: StartRequest) {
  const { WorkGroup: name = "primary", ClientRequestToken: token } = request;
  const place = placeOf(call);
  authorizeWorkGroup(world, call, "StartQueryExecution", name);
  const group = findWorkGroup(world, place, name);
  if (group.State === "DISABLED") throw invalid(`WorkGroup ${name} is disabled.`);
  const { Catalog = "AwsDataCatalog", Database } = request.QueryExecutionContext ?? {};
  if (Catalog.toLowerCase() !== "awsdatacatalog") throw invalid(`Catalog ${Catalog} is not found.`);
  if (request.ResultConfiguration) checkResults(request.ResultConfiguration);
  const result = resultsOf(group, request.ResultConfiguration);
  const repeated = token === undefined ? undefined : sameToken(world, call, request);
  if (repeated) return { QueryExecutionId: repeated };
  checkOutput(world, call, place, result.OutputLocation ?? "");
  if (group.Configuration.EnforceWorkGroupConfiguration && setsLocation(request.QueryString))
    throw invalid(
      "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' property and resubmit the query.",
    );

  const query: Query = {
    ...place,
    id: randomUUID(),
    sql: request.QueryString,
    workGroup: name,
    catalog: Catalog.toLowerCase(),
    ...(Database === undefined ? {} : { database: Database.toLowerCase() }),
    ...(request.ExecutionParameters ? { parameters: request.ExecutionParameters } : {}),
    ...(token === undefined ? {} : { token }),
    result,
    submitted: jsonDate(world.now()),
    state: "QUEUED",
  };
  queries(world.store).set(entityKey(place, query.id), query);
  world.later(0, () => inLine(world, () => execute(world, call, query)));
  return { QueryExecutionId: query.id };
}

/** True for a CREATE TABLE AS that sets a location. Invalid SQL fails when it runs. */
function setsLocation(sql: string): boolean {
  try {
    const statement = parseStatement(sql);
    return statement.kind === "createTable" && statement.properties["external_location"] !== undefined;
  } catch {
    return false;
  }
}

/** The ID of the query that the token was used for. @throws AwsError `InvalidRequestException` if the request differs */
function sameToken(world: World, call: Call, request: StartRequest): string | undefined {
  const { account, region } = placeOf(call);
  for (const known of queries(world.store).values()) {
    if (known.token !== request.ClientRequestToken || known.account !== account || known.region !== region)
      continue;
    if (known.sql !== request.QueryString || known.workGroup !== (request.WorkGroup ?? "primary"))
      throw invalid("Idempotent parameters do not match");
    return known.id;
  }
  return undefined;
}

/** Maximum number of queries that run at once: each engine takes memory, and one of Node.js's few threads. */
const AT_ONCE = 2;
const lines = new WeakMap<World, { busy: number; readonly waiting: (() => void)[] }>();

/** Runs the work in turn, at most `AT_ONCE` at a time. */
async function inLine(world: World, work: () => Promise<void>): Promise<void> {
  const line = lines.get(world) ?? { busy: 0, waiting: [] };
  lines.set(world, line);
  if (line.busy >= AT_ONCE) await new Promise<void>((resolve) => line.waiting.push(resolve));
  else line.busy++;
  try {
    await work();
  } finally {
    // Hand the slot directly to the next query, so that the order is kept.
    const next = line.waiting.shift();
    if (next) next();
    else line.busy--;
  }
}

async function execute(world: World, call: Call, query: Query): Promise<void> {
  // It was stopped while it waited.
  if (query.state !== "QUEUED") return;
  const begun = Date.now();
  const engines = running.get(world) ?? new Map<string, () => void>();
  running.set(world, engines);
  query.state = "RUNNING";
  queries(world.store).touch();
  try {
    const finished = await runQuery(world, call, query, (interrupt) => {
      engines.set(query.id, interrupt);
      // It was stopped while the engine was opened.
      if (isOver(query)) interrupt();
    });
    if (isOver(query)) return;
    Object.assign(query, finished, { state: "SUCCEEDED" });
  } catch (error) {
    if (isOver(query)) return;
    if (!(error instanceof QueryFailed))
      console.error("sandbox: a query failed by an unexpected error:", error);
    query.state = "FAILED";
    query.reason =
      error instanceof QueryFailed
        ? error.message
        : "GENERIC_INTERNAL_ERROR: an unexpected error of the sandbox";
  } finally {
    engines.delete(query.id);
    query.completed ??= jsonDate(world.now());
    query.engineTime = Date.now() - begun;
    queries(world.store).touch();
  }
}

/** True if it was stopped while it ran, by its user or with the sandbox. */
function isOver({ state }: Query): boolean {
  return state !== "RUNNING";
}

/** Fails all unfinished queries: when the sandbox ends, and at its start if it was killed. */
export function endQueries(world: World): void {
  for (const query of queries(world.store).values()) {
    if (query.state !== "QUEUED" && query.state !== "RUNNING") continue;
    query.state = "FAILED";
    query.reason = "INTERNAL_ERROR: the sandbox was ended while the query ran";
    query.completed = jsonDate(world.now());
    running.get(world)?.get(query.id)?.();
    queries(world.store).touch();
  }
}

/** The query, if the caller may do `action` in its workgroup. @throws AwsError `AccessDeniedException`, `InvalidRequestException` */
export function findQuery(world: World, call: Call, action: string, id: string): Query {
  const query = queries(world.store).get(entityKey(placeOf(call), id));
  if (!query) throw invalid(`QueryExecution ${id} was not found`);
  authorizeWorkGroup(world, call, action, query.workGroup);
  return query;
}

export function getQueryExecution(
  world: World,
  call: Call,
  { QueryExecutionId: id }: { QueryExecutionId: string },
) {
  return { QueryExecution: shown(findQuery(world, call, "GetQueryExecution", id)) };
}

export function batchGetQueryExecution(
  world: World,
  call: Call,
  { QueryExecutionIds }: { QueryExecutionIds: string[] },
) {
  const place = placeOf(call);
  const known = QueryExecutionIds.filter((id) => queries(world.store).has(entityKey(place, id)));
  if (known.length === 0) throw invalid(`QueryExecution ${QueryExecutionIds[0]} was not found`);
  return {
    QueryExecutions: known.map((id) => shown(findQuery(world, call, "BatchGetQueryExecution", id))),
    UnprocessedQueryExecutionIds: QueryExecutionIds.filter((id) => !known.includes(id)).map((id) => ({
      QueryExecutionId: id,
      ErrorCode: "INVALID_INPUT",
      ErrorMessage: `QueryExecution ${id} was not found`,
    })),
  };
}

export function listQueryExecutions(
  world: World,
  call: Call,
  request: { WorkGroup?: string; NextToken?: string; MaxResults?: number },
) {
  const { WorkGroup: name = "primary" } = request;
  const place = placeOf(call);
  authorizeWorkGroup(world, call, "ListQueryExecutions", name);
  findWorkGroup(world, place, name);
  const own = [...queries(world.store).values()].filter(
    ({ workGroup, account, region }) =>
      workGroup === name && account === place.account && region === place.region,
  );
  const ids = own.sort((a, b) => b.submitted - a.submitted).map(({ id }) => id);
  const { listed, NextToken } = page(ids, request, 50);
  return { QueryExecutionIds: listed, NextToken };
}

export function stopQueryExecution(
  world: World,
  call: Call,
  { QueryExecutionId: id }: { QueryExecutionId: string },
) {
  const query = findQuery(world, call, "StopQueryExecution", id);
  if (query.state === "QUEUED" || query.state === "RUNNING") {
    query.state = "CANCELLED";
    query.reason = "Query cancelled by user";
    query.completed = jsonDate(world.now());
    queries(world.store).touch();
    running.get(world)?.get(id)?.();
  }
  return {};
}

function shown(query: Query): Record<string, unknown> {
  const { bucket, prefix } = outputBucket(query.result.OutputLocation ?? "");
  const engineTime = query.engineTime ?? 0;
  const { written } = query;
  return {
    QueryExecutionId: query.id,
    Query: query.sql,
    ...statementTypes(query),
    ResultConfiguration: {
      ...query.result,
      OutputLocation: `s3://${bucket}/${written?.file ?? `${prefix}${query.id}.csv`}`,
    },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: {
      Catalog: query.catalog,
      ...(query.database === undefined ? {} : { Database: query.database }),
    },
    Status: {
      State: query.state,
      SubmissionDateTime: query.submitted,
      ...(query.completed === undefined ? {} : { CompletionDateTime: query.completed }),
      ...(query.reason === undefined ? {} : { StateChangeReason: query.reason }),
      ...(query.state === "FAILED"
        ? { AthenaError: { ErrorCategory: 2, ErrorType: 1006, Retryable: false, ErrorMessage: query.reason } }
        : {}),
    },
    Statistics: {
      EngineExecutionTimeInMillis: engineTime,
      DataScannedInBytes: query.scannedBytes ?? 0,
      ...(written?.manifest === undefined ? {} : { DataManifestLocation: written.manifest }),
      TotalExecutionTimeInMillis: engineTime,
      QueryQueueTimeInMillis: 0,
      ServicePreProcessingTimeInMillis: 0,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: false },
    },
    WorkGroup: query.workGroup,
    EngineVersion: DEFAULTS.EngineVersion,
    ...(query.parameters ? { ExecutionParameters: query.parameters } : {}),
  };
}

/** Statement types, which Athena shows from the beginning. */
function statementTypes({ sql }: Query): { StatementType: string; SubstatementType: string } {
  const [, first = "", second = ""] =
    /^\s*([a-z]+)\s*([a-z]*)/i.exec(sql)?.map((word) => word.toUpperCase()) ?? [];
  if (first === "CREATE" && second === "TABLE")
    return { StatementType: "DDL", SubstatementType: "CREATE_TABLE_AS_SELECT" };
  if (first === "DROP" && second === "TABLE") return { StatementType: "DDL", SubstatementType: "DROP_TABLE" };
  return { StatementType: "DML", SubstatementType: first === "UNLOAD" ? "UNLOAD" : "SELECT" };
}
