/** Runs one Athena query to its end. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type AthenaClient,
} from "@aws-sdk/client-athena";

export interface QueryResult {
  /** The result's `s3://bucket/prefix/ID.csv`. */
  readonly location: string;
  /** Without the header. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

/** Athena's messages, in a query's state, for a refused read or write of its caller. */
const REFUSED = /access ?denied|permission denied|insufficient (lake formation )?permission|not authorized/i;

/** The caller lacks a permission that the query needs. */
class QueryDenied extends Error {
  override readonly name = "AccessDenied";
}

/**
 * Repeats the query until it finds a row: the first object that reaches the offline store after a write may hold only earlier
 * records.
 * @param end milliseconds since 1970 after which it returns the last result
 */
export async function untilFound(
  query: () => Promise<QueryResult>,
  end: number,
  firstPause = 500,
): Promise<QueryResult> {
  for (let pause = firstPause; ; pause = Math.min(pause * 2, 30_000)) {
    const result = await query();
    if (result.rows.length > 0 || Date.now() + pause > end) return result;
    await sleep(pause);
  }
}

/** @throws QueryDenied; Error with the query's own reason */
export async function runQuery(
  athena: AthenaClient,
  sql: string,
  { workgroup, database }: { workgroup: string; database: string },
): Promise<QueryResult> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
    }),
  );
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 2_000)) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason = "no reason given" } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") {
      const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      const rows = (ResultSet?.Rows ?? [])
        .slice(1)
        .map(({ Data = [] }) => Data.map((cell) => cell.VarCharValue));
      return { location: QueryExecution?.ResultConfiguration?.OutputLocation ?? "", rows };
    }
    if (State === "FAILED" || State === "CANCELLED") {
      if (REFUSED.test(StateChangeReason)) throw new QueryDenied(StateChangeReason);
      throw new Error(`the query ended as ${State}: ${StateChangeReason}`);
    }
    await sleep(pause);
  }
}
