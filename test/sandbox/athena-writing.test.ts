/**
 * CREATE TABLE AS, UNLOAD and DROP TABLE across the two accounts, as awswrangler and PyAthena use them: what they write is read back by
 * Athena and, with another library, as Parquet. It does not prove formats other than Parquet, which the sandbox does not write.
 */
import { CreateWorkGroupCommand, GetQueryResultsCommand } from "@aws-sdk/client-athena";
import { GetTableCommand } from "@aws-sdk/client-glue";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { parseStatement } from "../../packages/sandbox/services/athena/statements";
import { AthenaTopology, output, results } from "./athenaTopology";
import { allow, B, document, region } from "./featureGroups";
import { refusal } from "./support";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";

const catalog = `arn:aws:glue:${region}:${B}`;
const inStore = (name: string) => [
  `${catalog}:catalog`,
  `${catalog}:database/store`,
  `${catalog}:table/store/${name}`,
];
const making = allow(["glue:CreateTable", "glue:DeleteTable", "glue:GetTable"], inStore("made*"));
const listing = allow("s3:ListBucket", `arn:aws:s3:::${results}`);

describe("Athena: statements that write", function () {
  this.timeout(30_000);
  const topology = new AthenaTopology();
  before(async () => {
    await topology.start();
    const Principal = { AWS: `arn:aws:iam::${B}:role/cross` };
    const Policy = document(
      { Principal, ...allow(["s3:PutObject", "s3:GetObject"], `arn:aws:s3:::${results}/team/*`) },
      { Principal, ...allow(["s3:GetBucketLocation", "s3:ListBucket"], `arn:aws:s3:::${results}`) },
    );
    await topology.a.s3.send(new PutBucketPolicyCommand({ Bucket: results, Policy }));
    await topology.grant([], making, listing, allow("s3:GetObject", `arn:aws:s3:::${results}/team/*`));
  });
  after(() => topology.sandbox.close());

  const run = async (sql: string) => {
    const query = await topology.over(await topology.begin(sql));
    if (query.Status?.State !== "SUCCEEDED") throw new Error(query.Status?.StateChangeReason);
    return query;
  };
  const text = async (url = "") => {
    const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    return (await topology.cross.s3.send(new GetObjectCommand({ Bucket, Key }))).Body;
  };
  const files = async (manifest: string | undefined) =>
    ((await (await text(manifest))?.transformToString()) ?? "").split("\n").filter(Boolean);

  it("make a table of a query, in the place of the results or in one of its own", async () => {
    const select =
      "SELECT id, age, age * 2 AS twice, ARRAY[id] AS ids, CAST(score AS decimal(10,2)) AS s FROM customers";
    const made = await run(`CREATE TABLE "store"."made_one" WITH (format = 'PARQUET') AS ${select}`);
    expect(made).to.include({ StatementType: "DDL", SubstatementType: "CREATE_TABLE_AS_SELECT" });
    expect(made.ResultConfiguration?.OutputLocation).to.equal(`${output}tables/${made.QueryExecutionId}`);
    expect(await files(made.Statistics?.DataManifestLocation)).to.have.length(1);
    const { Table } = await topology.b.glue.send(
      new GetTableCommand({ DatabaseName: "store", Name: "made_one" }),
    );
    expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).to.deep.equal([
      "id string",
      "age bigint",
      "twice bigint",
      "ids array<string>",
      "s decimal(10,2)",
    ]);
    expect(await topology.rows("SELECT age, ids FROM made_one WHERE age IS NOT NULL")).to.deep.equal([
      ["age", "ids"],
      ["41", "[one]"],
    ]);
    const { QueryExecutionId } = made;
    const { UpdateCount, ResultSet } = await topology.cross.athena.send(
      new GetQueryResultsCommand({ QueryExecutionId }),
    );
    expect([UpdateCount, ResultSet?.Rows]).to.deep.equal([2, []]);

    const where = `${output}own`;
    await run(`CREATE TABLE made_two WITH (external_location = '${where}') AS SELECT id FROM customers`);
    expect(
      await topology.failure(
        `CREATE TABLE made_three WITH (external_location = '${where}') AS SELECT 1 AS x`,
      ),
    ).to.match(/^HIVE_PATH_ALREADY_EXISTS: /);
    expect(await topology.failure("CREATE TABLE made_two AS SELECT 1 AS x")).to.match(
      /^TABLE_ALREADY_EXISTS: /,
    );
    await run("CREATE TABLE IF NOT EXISTS made_two AS SELECT 1 AS x");
    expect(await topology.failure("CREATE TABLE made_three AS SELECT 1")).to.match(/^MISSING_COLUMN_NAME: /);
    await run("CREATE TABLE made_four AS SELECT id FROM customers WITH NO DATA");
    expect(await topology.rows("SELECT count(*) AS n FROM made_four")).to.deep.equal([["n"], ["0"]]);
    await run("DROP TABLE `store`.`made_four`");
    expect(await topology.failure("DROP TABLE made_four")).to.match(/Table not found store.made_four/);
    await run("DROP TABLE IF EXISTS made_four");
  });

  it("unload Parquet that others read, and list its files", async () => {
    const unloaded = await run(
      `UNLOAD (SELECT id, score FROM customers ORDER BY id -- ) a comment\n) TO '${output}unloaded/' WITH (format = 'PARQUET', compression = 'SNAPPY')`,
    );
    expect(unloaded).to.include({ StatementType: "DML", SubstatementType: "UNLOAD" });
    const [file] = await files(unloaded.Statistics?.DataManifestLocation);
    const { parquetReadObjects } = await import("hyparquet");
    const bytes = (await (await text(file))?.transformToByteArray()) ?? new Uint8Array();
    expect(await parquetReadObjects({ file: new Uint8Array(bytes).buffer })).to.deep.equal([
      { id: "one", score: 0.5 },
      { id: 'two "2", or so', score: 12345678.9 },
    ]);
    expect(
      await topology.failure(`UNLOAD (SELECT 1 AS x) TO '${output}other' WITH (format = 'AVRO')`),
    ).to.match(/^NOT_SUPPORTED: /);
  });

  it("fail without each permission that they need", async () => {
    const create = "CREATE TABLE made_five AS SELECT id FROM customers";
    await topology.grant([], listing);
    expect(await topology.failure(create)).to.match(/glue:CreateTable/);
    await topology.grant([], making);
    expect(await topology.failure(create)).to.match(/s3:ListBucket/);
    await topology.grant(["results"], making, listing);
    expect(await topology.failure(create)).to.match(/^Access denied when writing output/);
    await topology.grant(["decrypt"], making, listing);
    expect(await topology.failure(create)).to.match(/kms:Decrypt/);
    await topology.grant([], making, listing);
    expect(
      await topology.failure(
        `CREATE TABLE made_five WITH (external_location = 's3://account-b-sagemaker-data/own') AS SELECT 1 AS x`,
      ),
    ).to.match(/s3:(ListBucket|PutObject)/);
    const { Contents = [] } = await topology.a.s3.send(
      new ListObjectsV2Command({ Bucket: results, Prefix: "team/own" }),
    );
    expect(Contents).to.have.length(1);
  });

  it("set no place of their own where the workgroup sets it", async () => {
    const Configuration = {
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: { OutputLocation: output },
    };
    await topology.b.athena.send(new CreateWorkGroupCommand({ Name: "team", Configuration }));
    const sql = `CREATE TABLE made_six WITH (external_location = '${output}six') AS SELECT 1 AS x`;
    const refused = await refusal(topology.begin(sql, { WorkGroup: "team" }));
    expect(refused.message).to.match(
      /^The Create Table As Select query failed because it was submitted with an 'external_location'/,
    );
  });

  it("are read as they stand", () => {
    expect(
      parseStatement(
        "/* a */ unload (SELECT ')' AS \"(\") to 's3://b/x' with (format='PARQUET', partitioned_by=ARRAY['a','b']);",
      ),
    ).to.deep.equal({
      kind: "unload",
      query: "SELECT ')' AS \"(\"",
      location: "s3://b/x",
      properties: { format: "PARQUET", partitioned_by: ["a", "b"] },
    });
    expect(parseStatement("SELECT 1").kind).to.equal("query");
    expect(() => parseStatement("UNLOAD (SELECT 1")).to.throw(
      "SYNTAX_ERROR: line 1:17: mismatched input '<EOF>'",
    );
    expect(() => parseStatement("DROP TABLE a b")).to.throw(
      "line 1:14: mismatched input 'b'. Expecting: <EOF>",
    );
  });
});
