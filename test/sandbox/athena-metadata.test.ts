/**
 * The Data Catalog through Athena, and prepared statements, by B's role as PyAthena and JDBC drivers ask. It does not prove catalogs
 * other than AwsDataCatalog, which the sandbox does not have.
 */
import {
  CreatePreparedStatementCommand,
  DeletePreparedStatementCommand,
  GetDatabaseCommand,
  GetDataCatalogCommand,
  GetPreparedStatementCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListPreparedStatementsCommand,
  ListTableMetadataCommand,
  UpdatePreparedStatementCommand,
} from "@aws-sdk/client-athena";
import { expect } from "chai";
import { AthenaTopology } from "./athenaTopology";
import { allow, B, region } from "./featureGroups";
import { refusal } from "./support";

const CatalogName = "AwsDataCatalog";
const DatabaseName = "store";
const glue = `arn:aws:glue:${region}:${B}`;
const listing = allow(
  ["glue:GetDatabases", "glue:GetTables"],
  [`${glue}:catalog`, `${glue}:database/*`, `${glue}:table/*`],
);
const metadata = allow(
  ["athena:List*", "athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata"],
  `arn:aws:athena:${region}:${B}:datacatalog/${CatalogName}`,
);
const catalogs = allow("athena:ListDataCatalogs");

describe("Athena: metadata and prepared statements", function () {
  this.timeout(30_000);
  const topology = new AthenaTopology();
  before(() => topology.start());
  after(() => topology.sandbox.close());

  it("shows the Data Catalog as its caller may see it", async () => {
    await topology.grant([], listing, metadata, catalogs);
    const { athena } = topology.cross;
    const { DataCatalogsSummary } = await athena.send(new ListDataCatalogsCommand({}));
    expect(DataCatalogsSummary?.map((each) => each.CatalogName)).to.deep.equal([CatalogName]);
    const { DataCatalog } = await athena.send(new GetDataCatalogCommand({ Name: CatalogName }));
    expect(DataCatalog).to.deep.include({ Type: "GLUE", Parameters: { "catalog-id": B } });
    const { DatabaseList } = await athena.send(new ListDatabasesCommand({ CatalogName }));
    expect(DatabaseList?.map(({ Name }) => Name)).to.deep.equal([DatabaseName]);
    const { Database } = await athena.send(new GetDatabaseCommand({ CatalogName, DatabaseName }));
    expect(Database?.Name).to.equal(DatabaseName);
    const table = new GetTableMetadataCommand({ CatalogName, DatabaseName, TableName: "customers" });
    const { TableMetadata } = await athena.send(table);
    expect(TableMetadata?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).to.include("age bigint");
    expect(TableMetadata?.Parameters?.["location"]).to.equal("s3://account-b-sagemaker-data/customers/data");
    const list = new ListTableMetadataCommand({ CatalogName, DatabaseName, Expression: "cust*" });
    expect((await athena.send(list)).TableMetadataList).to.have.length(1);
    const other = refusal(athena.send(new ListDatabasesCommand({ CatalogName: "other" })));
    expect((await other).name).to.equal("AccessDeniedException");
    const { athena: administrator } = topology.b;
    const absent = new GetTableMetadataCommand({ CatalogName, DatabaseName, TableName: "none" });
    expect((await refusal(administrator.send(absent))).name).to.equal("MetadataException");
    await topology.grant(["table"], listing, metadata);
    expect((await refusal(athena.send(table))).message).to.match(/glue:GetTable/);
    await topology.grant([], listing);
    expect((await refusal(athena.send(table))).message).to.match(
      /athena:GetTableMetadata on resource: .*datacatalog\/AwsDataCatalog/,
    );
  });

  it("keeps prepared statements in their workgroup, and executes them with their parameters", async () => {
    await topology.grant([]);
    const { athena } = topology.cross;
    const WorkGroup = "primary";
    const StatementName = "by_age";
    const QueryStatement = "SELECT id FROM customers WHERE age > ? AND id <> ?";
    const create = new CreatePreparedStatementCommand({ WorkGroup, StatementName, QueryStatement });
    await athena.send(create);
    expect((await refusal(athena.send(create))).message).to.match(/already exists/);
    expect(await topology.rows(`EXECUTE by_age USING 40, 'a, ''b'''`)).to.deep.equal([["id"], ["one"]]);
    const ExecutionParameters = ["40", "'x'"];
    expect(await topology.rows("EXECUTE by_age", { ExecutionParameters })).to.deep.equal([["id"], ["one"]]);
    expect(await topology.failure("EXECUTE by_age USING 40")).to.match(/expected 2 but found 1/);
    expect(await topology.failure("EXECUTE by_age USING 40, (SELECT 1)")).to.match(/accepts only literals/);
    expect(await topology.failure("EXECUTE other_one USING 40")).to.match(/other_one was not found/);
    const update = { WorkGroup, StatementName, QueryStatement: "SELECT 7 AS seven" };
    await athena.send(new UpdatePreparedStatementCommand(update));
    expect(await topology.rows("execute by_age")).to.deep.equal([["seven"], ["7"]]);
    const { PreparedStatement } = await athena.send(
      new GetPreparedStatementCommand({ WorkGroup, StatementName }),
    );
    expect(PreparedStatement).to.include({ QueryStatement: "SELECT 7 AS seven", WorkGroupName: WorkGroup });
    await topology.grant([], { Effect: "Deny", Action: "athena:GetPreparedStatement", Resource: "*" });
    expect(await topology.failure("EXECUTE by_age")).to.match(
      /^PERMISSION_DENIED: .*athena:GetPreparedStatement/,
    );
    const remove = () => athena.send(new DeletePreparedStatementCommand({ WorkGroup, StatementName }));
    await remove();
    const { PreparedStatements } = await athena.send(new ListPreparedStatementsCommand({ WorkGroup }));
    expect(PreparedStatements).to.deep.equal([]);
    expect((await refusal(remove())).name).to.equal("ResourceNotFoundException");
  });
});
