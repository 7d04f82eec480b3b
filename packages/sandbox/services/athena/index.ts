/**
 * Amazon Athena: workgroups, and SQL over the tables of the Data Catalog. Source: "Amazon Athena API Reference",
 * https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html
 */
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import * as metadata from "./metadata";
import { shapes } from "./model";
import * as prepared from "./prepared";
import * as queries from "./queries";
import { getQueryResults } from "./queryResults";
import * as tags from "./tags";
import * as workgroups from "./workgroups";

export const athena = defineService({
  name: "athena",
  protocol: json("AmazonAthena"),
  invalid: "InvalidRequestException",
  operations: {
    CreateWorkGroup: { shape: shapes.CreateWorkGroup, run: workgroups.createWorkGroup },
    GetWorkGroup: { shape: shapes.GetWorkGroup, run: workgroups.getWorkGroup },
    UpdateWorkGroup: { shape: shapes.UpdateWorkGroup, run: workgroups.updateWorkGroup },
    DeleteWorkGroup: { shape: shapes.DeleteWorkGroup, run: workgroups.deleteWorkGroup },
    ListWorkGroups: { shape: shapes.ListWorkGroups, run: workgroups.listWorkGroups },
    TagResource: { shape: shapes.TagResource, run: tags.tagResource },
    UntagResource: { shape: shapes.UntagResource, run: tags.untagResource },
    ListTagsForResource: { shape: shapes.ListTagsForResource, run: tags.listTagsForResource },
    StartQueryExecution: { shape: shapes.StartQueryExecution, run: queries.startQueryExecution },
    GetQueryExecution: { shape: shapes.GetQueryExecution, run: queries.getQueryExecution },
    BatchGetQueryExecution: {
      reads: true,
      shape: shapes.BatchGetQueryExecution,
      run: queries.batchGetQueryExecution,
    },
    ListQueryExecutions: { shape: shapes.ListQueryExecutions, run: queries.listQueryExecutions },
    StopQueryExecution: { shape: shapes.StopQueryExecution, run: queries.stopQueryExecution },
    GetQueryResults: { shape: shapes.GetQueryResults, run: getQueryResults },
    ListDataCatalogs: { shape: shapes.ListDataCatalogs, run: metadata.listDataCatalogs },
    GetDataCatalog: { shape: shapes.GetDataCatalog, run: metadata.getDataCatalog },
    ListDatabases: { shape: shapes.ListDatabases, run: metadata.listDatabases },
    GetDatabase: { shape: shapes.GetDatabase, run: metadata.getDatabase },
    ListTableMetadata: { shape: shapes.ListTableMetadata, run: metadata.listTableMetadata },
    GetTableMetadata: { shape: shapes.GetTableMetadata, run: metadata.getTableMetadata },
    CreatePreparedStatement: {
      shape: shapes.CreatePreparedStatement,
      run: prepared.createPreparedStatement,
    },
    UpdatePreparedStatement: {
      shape: shapes.UpdatePreparedStatement,
      run: prepared.updatePreparedStatement,
    },
    GetPreparedStatement: { shape: shapes.GetPreparedStatement, run: prepared.getPreparedStatement },
    DeletePreparedStatement: {
      shape: shapes.DeletePreparedStatement,
      run: prepared.deletePreparedStatement,
    },
    ListPreparedStatements: { shape: shapes.ListPreparedStatements, run: prepared.listPreparedStatements },
  },
  resume: queries.endQueries,
  end: queries.endQueries,
});
