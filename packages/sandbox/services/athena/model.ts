/** The shapes of Athena's operations. Source: Amazon Athena API Reference, version 2017-05-18. */
import { boolean, integer, list, oneOf, structure, text } from "../../protocol/shape";

const workGroup = text({ pattern: /^[a-zA-Z0-9._-]{1,128}$/ });
const description = text({ max: 1024 });
const location = text();
const encryption = structure({ "EncryptionOption!": oneOf("SSE_S3", "SSE_KMS", "CSE_KMS"), KmsKey: text() });
const owner = text({ pattern: /^[0-9]+$/, min: 12, max: 12 });
const acl = structure({ "S3AclOption!": oneOf("BUCKET_OWNER_FULL_CONTROL") });
const resultConfiguration = structure({
  OutputLocation: location,
  EncryptionConfiguration: encryption,
  ExpectedBucketOwner: owner,
  AclConfiguration: acl,
});
const shared = {
  EnforceWorkGroupConfiguration: boolean,
  PublishCloudWatchMetricsEnabled: boolean,
  BytesScannedCutoffPerQuery: integer(10_000_000),
  RequesterPaysEnabled: boolean,
  EngineVersion: structure({ SelectedEngineVersion: text(), EffectiveEngineVersion: text() }),
  AdditionalConfiguration: text(),
  ExecutionRole: text(),
};
const tag = structure({ "Key!": text({ min: 1, max: 128 }), "Value!": text({ max: 256 }) });
const page = (max: number) => ({ NextToken: text({ min: 1, max: 1024 }), MaxResults: integer(0, max) });
const resourceArn = text({ min: 1, max: 1011 });
const queryId = text({ min: 1, max: 128 });

const catalogName = text({ min: 1, max: 256 });
const name128 = text({ min: 1, max: 128 });
const inCatalog = { "CatalogName!": catalogName, WorkGroup: workGroup };
const statement = {
  "StatementName!": text({ min: 1, max: 256, pattern: /^[a-zA-Z_][a-zA-Z0-9_@:]{1,256}$/ }),
  "WorkGroup!": workGroup,
};
const written = {
  ...statement,
  "QueryStatement!": text({ min: 1, max: 262144 }),
  Description: text({ min: 1, max: 1024 }),
};

export const shapes = {
  ListDataCatalogs: structure({
    NextToken: text({ min: 1, max: 1024 }),
    MaxResults: integer(2, 50),
    WorkGroup: workGroup,
  }),
  GetDataCatalog: structure({ "Name!": catalogName, WorkGroup: workGroup }),
  ListDatabases: structure({
    ...inCatalog,
    NextToken: text({ min: 1, max: 1024 }),
    MaxResults: integer(1, 50),
  }),
  GetDatabase: structure({ ...inCatalog, "DatabaseName!": name128 }),
  ListTableMetadata: structure({
    ...inCatalog,
    "DatabaseName!": name128,
    Expression: text({ max: 256 }),
    NextToken: text({ min: 1, max: 1024 }),
    MaxResults: integer(1, 50),
  }),
  GetTableMetadata: structure({ ...inCatalog, "DatabaseName!": name128, "TableName!": name128 }),
  CreatePreparedStatement: structure(written),
  UpdatePreparedStatement: structure(written),
  GetPreparedStatement: structure(statement),
  DeletePreparedStatement: structure(statement),
  ListPreparedStatements: structure({
    "WorkGroup!": workGroup,
    NextToken: text({ min: 1, max: 1024 }),
    MaxResults: integer(1, 50),
  }),
  CreateWorkGroup: structure({
    "Name!": workGroup,
    Configuration: structure({ ...shared, ResultConfiguration: resultConfiguration }),
    Description: description,
    Tags: list(tag),
  }),
  GetWorkGroup: structure({ "WorkGroup!": workGroup }),
  DeleteWorkGroup: structure({ "WorkGroup!": workGroup, RecursiveDeleteOption: boolean }),
  ListWorkGroups: structure(page(50)),
  UpdateWorkGroup: structure({
    "WorkGroup!": workGroup,
    Description: description,
    State: oneOf("ENABLED", "DISABLED"),
    ConfigurationUpdates: structure({
      ...shared,
      RemoveBytesScannedCutoffPerQuery: boolean,
      ResultConfigurationUpdates: structure({
        OutputLocation: location,
        RemoveOutputLocation: boolean,
        EncryptionConfiguration: encryption,
        RemoveEncryptionConfiguration: boolean,
        ExpectedBucketOwner: owner,
        RemoveExpectedBucketOwner: boolean,
        AclConfiguration: acl,
        RemoveAclConfiguration: boolean,
      }),
    }),
  }),
  StartQueryExecution: structure({
    "QueryString!": text({ min: 1, max: 262144 }),
    ClientRequestToken: text({ min: 32, max: 128 }),
    QueryExecutionContext: structure({
      Database: text({ min: 1, max: 255 }),
      Catalog: text({ min: 1, max: 256 }),
    }),
    ResultConfiguration: resultConfiguration,
    WorkGroup: workGroup,
    ExecutionParameters: list(text({ min: 1, max: 1024 }), 1),
    ResultReuseConfiguration: structure({
      ResultReuseByAgeConfiguration: structure({ "Enabled!": boolean, MaxAgeInMinutes: integer(0, 10080) }),
    }),
  }),
  GetQueryExecution: structure({ "QueryExecutionId!": queryId }),
  StopQueryExecution: structure({ "QueryExecutionId!": queryId }),
  BatchGetQueryExecution: structure({ "QueryExecutionIds!": list(queryId, 1, 50) }),
  ListQueryExecutions: structure({ ...page(50), WorkGroup: workGroup }),
  GetQueryResults: structure({ "QueryExecutionId!": queryId, ...page(1000) }),
  TagResource: structure({ "ResourceARN!": resourceArn, "Tags!": list(tag) }),
  UntagResource: structure({ "ResourceARN!": resourceArn, "TagKeys!": list(text({ min: 1, max: 128 })) }),
  ListTagsForResource: structure({ "ResourceARN!": resourceArn, ...page(75) }),
};
