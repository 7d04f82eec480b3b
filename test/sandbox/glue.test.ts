/**
 * The Data Catalog through the AWS SDK: databases, tables, partitions, tags, and who may use them. It does not prove what Athena
 * makes of the tables.
 */
import {
  BatchCreatePartitionCommand,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTagsCommand,
  StartCrawlerCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { clients, refusal, type Clients } from "./support";

const A = "111111111111";
const region = "eu-central-1";
const arn = (rest: string) => `arn:aws:glue:${region}:${A}:${rest}`;

describe("sandbox Glue", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;

  before(async () => {
    sandbox = await startSandbox();
    const [keysA, keysB] = sandbox.accounts;
    if (!keysA || !keysB) throw new Error("two accounts were expected");
    a = clients(sandbox.endpoint, keysA);
    b = clients(sandbox.endpoint, keysB);
    await a.glue.send(
      new CreateDatabaseCommand({ DatabaseInput: { Name: "Sales", Description: "d" }, Tags: { team: "x" } }),
    );
    await a.glue.send(
      new CreateTableCommand({
        DatabaseName: "sales",
        TableInput: {
          Name: "orders",
          TableType: "EXTERNAL_TABLE",
          PartitionKeys: [{ Name: "year", Type: "string" }],
          StorageDescriptor: { Columns: [{ Name: "id", Type: "string" }], Location: "s3://b/p" },
          Parameters: { EXTERNAL: "TRUE" },
        },
      }),
    );
  });
  after(() => sandbox.close());

  async function user(name: string, ...Statement: object[]): Promise<Clients> {
    await a.iam.send(new CreateUserCommand({ UserName: name }));
    await a.iam.send(
      new PutUserPolicyCommand({
        UserName: name,
        PolicyName: "p",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
    const { AccessKey } = await a.iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return clients(sandbox.endpoint, {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
  }

  it("keeps databases by lower-case name", async () => {
    const { Database } = await a.glue.send(new GetDatabaseCommand({ Name: "SALES" }));
    expect(Database).to.include({ Name: "sales", Description: "d", CatalogId: A });
    expect(Database?.CreateTime).to.be.instanceOf(Date);
    const again = await refusal(a.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "sales" } })));
    expect(again).to.deep.equal({
      name: "AlreadyExistsException",
      message: "Database already exists.",
      status: 400,
    });
    const missing = await refusal(a.glue.send(new GetDatabaseCommand({ Name: "none" })));
    expect(missing).to.deep.equal({
      name: "EntityNotFoundException",
      message: "Database none not found.",
      status: 400,
    });
  });

  it("keeps tables, replaces them on update, and counts versions", async () => {
    const name = { DatabaseName: "sales", Name: "orders" };
    const { Table } = await a.glue.send(new GetTableCommand(name));
    expect(Table).to.deep.include({
      Name: "orders",
      DatabaseName: "sales",
      TableType: "EXTERNAL_TABLE",
      VersionId: "0",
      CatalogId: A,
      PartitionKeys: [{ Name: "year", Type: "string" }],
    });
    expect(Table?.StorageDescriptor).to.deep.include({ Location: "s3://b/p", NumberOfBuckets: 0 });
    await a.glue.send(
      new UpdateTableCommand({
        DatabaseName: "sales",
        TableInput: { Name: "orders", PartitionKeys: [{ Name: "year", Type: "string" }] },
      }),
    );
    const updated = (await a.glue.send(new GetTableCommand(name))).Table;
    expect(updated?.VersionId).to.equal("1");
    expect(updated?.Parameters).to.equal(undefined);
    const TableInput = { Name: "orders", PartitionKeys: updated?.PartitionKeys };
    const late = { DatabaseName: "sales", TableInput, VersionId: "0" };
    const refused = await refusal(a.glue.send(new UpdateTableCommand(late)));
    expect(refused.name).to.equal("ConcurrentModificationException");
    await a.glue.send(new UpdateTableCommand({ ...late, VersionId: "1" }));
    const missing = await refusal(a.glue.send(new GetTableCommand({ ...name, Name: "none" })));
    expect(missing).to.include({ name: "EntityNotFoundException", message: "Entity Not Found" });
  });

  it("lists databases and tables in pages", async () => {
    for (const Name of ["t1", "t2", "t3"])
      await a.glue.send(new CreateTableCommand({ DatabaseName: "sales", TableInput: { Name } }));
    const first = await a.glue.send(
      new GetTablesCommand({ DatabaseName: "sales", Expression: "t*", MaxResults: 2 }),
    );
    const second = await a.glue.send(
      new GetTablesCommand({ DatabaseName: "sales", Expression: "t*", NextToken: first.NextToken }),
    );
    expect([...(first.TableList ?? []), ...(second.TableList ?? [])].map(({ Name }) => Name)).to.deep.equal([
      "t1",
      "t2",
      "t3",
    ]);
    const { DatabaseList } = await a.glue.send(new GetDatabasesCommand({}));
    expect(DatabaseList?.map(({ Name }) => Name)).to.deep.equal(["sales"]);
    expect((await b.glue.send(new GetDatabasesCommand({}))).DatabaseList).to.deep.equal([]);
    await a.glue.send(new DeleteTableCommand({ DatabaseName: "sales", Name: "t1" }));
    const gone = await refusal(a.glue.send(new DeleteTableCommand({ DatabaseName: "sales", Name: "t1" })));
    expect(gone.message).to.equal("Table t1 not found.");
  });

  it("keeps partitions, and filters them", async () => {
    const table = { DatabaseName: "sales", TableName: "orders" };
    await a.glue.send(new CreatePartitionCommand({ ...table, PartitionInput: { Values: ["2023"] } }));
    const { Errors } = await a.glue.send(
      new BatchCreatePartitionCommand({
        ...table,
        PartitionInputList: [{ Values: ["2023"] }, { Values: ["2024"] }, { Values: ["a", "b"] }],
      }),
    );
    expect(Errors?.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode)).to.deep.equal([
      "AlreadyExistsException",
      "InvalidInputException",
    ]);
    const found = await a.glue.send(new GetPartitionsCommand({ ...table, Expression: "year > '2023'" }));
    expect(found.Partitions?.map(({ Values }) => Values)).to.deep.equal([["2024"]]);
    const one = await a.glue.send(new GetPartitionCommand({ ...table, PartitionValues: ["2023"] }));
    expect(one.Partition?.TableName).to.equal("orders");
  });

  it("tags databases", async () => {
    const ResourceArn = arn("database/sales");
    await a.glue.send(new TagResourceCommand({ ResourceArn, TagsToAdd: { stage: "test" } }));
    expect((await a.glue.send(new GetTagsCommand({ ResourceArn }))).Tags).to.deep.equal({
      team: "x",
      stage: "test",
    });
    await a.glue.send(new UntagResourceCommand({ ResourceArn, TagsToRemove: ["team"] }));
    expect((await a.glue.send(new GetTagsCommand({ ResourceArn }))).Tags).to.deep.equal({ stage: "test" });
  });

  it("asks for the action on catalog, database and table", async () => {
    const reader = await user("reader", {
      Effect: "Allow",
      Action: ["glue:GetTable", "glue:GetTables"],
      Resource: [arn("catalog"), arn("database/sales"), arn("table/sales/orders")],
    });
    const read = await reader.glue.send(new GetTableCommand({ DatabaseName: "sales", Name: "orders" }));
    expect(read.Table?.Name).to.equal("orders");
    const listed = await reader.glue.send(new GetTablesCommand({ DatabaseName: "sales" }));
    expect(listed.TableList?.map(({ Name }) => Name)).to.deep.equal(["orders"]);
    const other = await refusal(reader.glue.send(new GetTableCommand({ DatabaseName: "sales", Name: "t2" })));
    expect(other).to.deep.equal({
      name: "AccessDeniedException",
      message:
        `User: arn:aws:iam::${A}:user/reader is not authorized to perform: glue:GetTable on resource: ` +
        `${arn("table/sales/t2")} because no identity-based policy allows the glue:GetTable action`,
      status: 400,
    });
    const table = await user("table-only", {
      Effect: "Allow",
      Action: "glue:GetTable",
      Resource: arn("table/sales/orders"),
    });
    const half = await refusal(
      table.glue.send(new GetTableCommand({ DatabaseName: "sales", Name: "orders" })),
    );
    expect(half.message).to.contain(`glue:GetTable on resource: ${arn("catalog")}`);
  });

  it("closes one account's catalog to the other's administrator", async () => {
    const denied = await refusal(
      b.glue.send(new GetTableCommand({ CatalogId: A, DatabaseName: "sales", Name: "orders" })),
    );
    expect(denied.name).to.equal("AccessDeniedException");
  });

  it("names an operation that it does not have", async () => {
    const denied = await refusal(a.glue.send(new StartCrawlerCommand({ Name: "c" })));
    expect(denied.message).to.contain("glue:StartCrawler");
  });

  it("deletes a database with its tables", async () => {
    await a.glue.send(new DeleteDatabaseCommand({ Name: "sales" }));
    await a.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "sales" } }));
    expect((await a.glue.send(new GetTablesCommand({ DatabaseName: "sales" }))).TableList).to.deep.equal([]);
  });
});
