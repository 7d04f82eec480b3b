/** Reads a query's result from where it was written, with the caller's permissions. */
import { AwsError, type Call, type World } from "../../core";
import { outputBucket } from "./outputLocation";
import { findQuery } from "./queries";
import { parseCsv } from "./resultFile";
import { forwarded, invalid, page, type Column, type Query, type Written } from "./state";

interface ResultsRequest {
  readonly QueryExecutionId: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

export async function getQueryResults(world: World, call: Call, request: ResultsRequest) {
  const query = findQuery(world, call, "GetQueryResults", request.QueryExecutionId);
  if (query.state === "FAILED" || query.state === "CANCELLED")
    throw invalid(`Query did not finish successfully. Final query state: ${query.state}`);
  if (query.state !== "SUCCEEDED") throw invalid(`Query has not yet finished. Current state: ${query.state}`);
  if (query.written) return writtenResult(query, query.written);
  const lines = parseCsv((await readResult(world, call, query)).toString("utf8"));
  const { listed, NextToken } = page(lines, request, 1000);
  return {
    UpdateCount: 0,
    ResultSet: {
      Rows: listed.map((line) => ({
        Data: line.map((value) => (value === undefined ? {} : { VarCharValue: value })),
      })),
      ResultSetMetadata: { ColumnInfo: (query.columns ?? []).map(columnInfo) },
    },
    NextToken,
  };
}

/** The result of a statement other than a query: no rows, and the number of rows that it wrote. */
function writtenResult({ columns }: Query, { rows }: Written): Record<string, unknown> {
  return {
    ...(rows === undefined ? {} : { UpdateCount: rows }),
    ResultSet: { Rows: [], ResultSetMetadata: { ColumnInfo: (columns ?? []).map(columnInfo) } },
  };
}

async function readResult(world: World, call: Call, { id, result }: Query): Promise<Buffer> {
  const { bucket, prefix } = outputBucket(result.OutputLocation ?? "");
  try {
    return await world.services.s3.getObject(forwarded(call), bucket, `${prefix}${id}.csv`);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "NoSuchKey") throw invalid(`Could not find results for query ${id}`);
    throw new AwsError(
      "AccessDeniedException",
      `You do not have permission to access the query results at s3://${bucket}/${prefix}${id}.csv: ${error.message}`,
    );
  }
}

function columnInfo({ name, type, precision, scale }: Column): Record<string, unknown> {
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: "UNKNOWN",
    CaseSensitive: type === "varchar",
  };
}
