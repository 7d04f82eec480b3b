/** The rows of a query, for tests of what it reads. */
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { until } from "./featureGroups";
import type { Clients } from "./support";

/** Header first; NULL is undefined. Fails with the query's reason. @param output `s3://bucket/prefix/` for the results */
export async function queryRows(
  { athena }: Pick<Clients, "athena">,
  QueryString: string,
  output: string,
): Promise<(string | undefined)[][]> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: "sagemaker_featurestore" },
      ResultConfiguration: { OutputLocation: output },
    }),
  );
  const status = await until(async () => {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = QueryExecution?.Status?.State;
    return state !== "QUEUED" && state !== "RUNNING" && QueryExecution?.Status;
  });
  if (status.State !== "SUCCEEDED") throw new Error(status.StateChangeReason);
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return ResultSet?.Rows?.map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue) ?? []) ?? [];
}
