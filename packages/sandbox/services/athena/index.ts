/** Amazon Athena: workgroups, and SQL over the tables of the Data Catalog. Source: Amazon Athena API Reference. */
import type { Call, Service, World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { jsonResponse, parseJson, targetOperation } from "../../protocol/json";
import {
  batchGetQueryExecution,
  endQueries,
  getQueryExecution,
  listQueryExecutions,
  startQueryExecution,
  stopQueryExecution,
} from "./queries";
import {
  getDatabase,
  getDataCatalog,
  getTableMetadata,
  listDatabases,
  listDataCatalogs,
  listTableMetadata,
} from "./metadata";
import {
  createPreparedStatement,
  deletePreparedStatement,
  getPreparedStatement,
  listPreparedStatements,
  updatePreparedStatement,
} from "./prepared";
import { getQueryResults } from "./queryResults";
import { listTagsForResource, tagResource, untagResource } from "./tags";
import {
  createWorkGroup,
  deleteWorkGroup,
  getWorkGroup,
  listWorkGroups,
  updateWorkGroup,
} from "./workgroups";

type Output = Record<string, unknown>;
type Operation = (world: World, call: Call, input: unknown) => Output | Promise<Output>;

const operations: Readonly<Record<string, Operation>> = {
  CreateWorkGroup: createWorkGroup,
  GetWorkGroup: getWorkGroup,
  UpdateWorkGroup: updateWorkGroup,
  DeleteWorkGroup: deleteWorkGroup,
  ListWorkGroups: listWorkGroups,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  StartQueryExecution: startQueryExecution,
  GetQueryExecution: getQueryExecution,
  BatchGetQueryExecution: batchGetQueryExecution,
  ListQueryExecutions: listQueryExecutions,
  StopQueryExecution: stopQueryExecution,
  GetQueryResults: getQueryResults,
  ListDataCatalogs: listDataCatalogs,
  GetDataCatalog: getDataCatalog,
  ListDatabases: listDatabases,
  GetDatabase: getDatabase,
  ListTableMetadata: listTableMetadata,
  GetTableMetadata: getTableMetadata,
  CreatePreparedStatement: createPreparedStatement,
  UpdatePreparedStatement: updatePreparedStatement,
  GetPreparedStatement: getPreparedStatement,
  DeletePreparedStatement: deletePreparedStatement,
  ListPreparedStatements: listPreparedStatements,
};

export function createAthena(world: World): Service {
  return {
    async handle(call, request) {
      const name = targetOperation(request) || `${request.method} ${request.path}`;
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw notImplemented("athena", name);
      return jsonResponse(await operation(world, call, parseJson(request)));
    },
    resume: () => endQueries(world),
    end: () => endQueries(world),
  };
}
