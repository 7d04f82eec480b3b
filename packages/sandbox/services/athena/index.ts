/** Amazon Athena: workgroups, and SQL over the tables of the Data Catalog. Source: Amazon Athena API Reference. */
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
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

export const athena = defineService({
  name: "athena",
  protocol: json("AmazonAthena"),
  operations: {
    CreateWorkGroup: { run: createWorkGroup },
    GetWorkGroup: { run: getWorkGroup },
    UpdateWorkGroup: { run: updateWorkGroup },
    DeleteWorkGroup: { run: deleteWorkGroup },
    ListWorkGroups: { run: listWorkGroups },
    TagResource: { run: tagResource },
    UntagResource: { run: untagResource },
    ListTagsForResource: { run: listTagsForResource },
    StartQueryExecution: { run: startQueryExecution },
    GetQueryExecution: { run: getQueryExecution },
    BatchGetQueryExecution: { reads: true, run: batchGetQueryExecution },
    ListQueryExecutions: { run: listQueryExecutions },
    StopQueryExecution: { run: stopQueryExecution },
    GetQueryResults: { run: getQueryResults },
    ListDataCatalogs: { run: listDataCatalogs },
    GetDataCatalog: { run: getDataCatalog },
    ListDatabases: { run: listDatabases },
    GetDatabase: { run: getDatabase },
    ListTableMetadata: { run: listTableMetadata },
    GetTableMetadata: { run: getTableMetadata },
    CreatePreparedStatement: { run: createPreparedStatement },
    UpdatePreparedStatement: { run: updatePreparedStatement },
    GetPreparedStatement: { run: getPreparedStatement },
    DeletePreparedStatement: { run: deletePreparedStatement },
    ListPreparedStatements: { run: listPreparedStatements },
  },
  resume: endQueries,
  end: endQueries,
});
