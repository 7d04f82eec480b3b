/**
 * Athena with the AWS SDK: queries by B's role over B's store, results into A's bucket, and every refusal on the way.
 * Does not prove that AWS words each reason so, nor anything about Trino's own functions.
 */
import {
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListQueryExecutionsCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { AthenaTopology, data, output, results } from "./athenaTopology";
import { allow, B } from "./featureGroups";
import { clients, refusal } from "./support";

describe("Athena: queries", function () {
  this.timeout(30_000);
  const topology = new AthenaTopology();
  before(() => topology.start());
  after(() => topology.sandbox.close());
  afterEach(() => topology.grant());

  describe("results", () => {
    it("lie in A's bucket as Athena writes them, and A reads them", async () => {
      const id = await topology.begin(
        'SELECT id, age, score, added, age + 1, true AS yes FROM "AwsDataCatalog"."store"."Customers" ORDER BY id',
      );
      const query = await topology.over(id);
      expect(query.Status?.State, query.Status?.StateChangeReason).to.equal("SUCCEEDED");
      expect(query.ResultConfiguration?.OutputLocation).to.equal(`${output}${id}.csv`);
      expect(query.Statistics?.DataScannedInBytes).to.be.greaterThan(100);
      expect(query.Status?.SubmissionDateTime).to.be.instanceOf(Date);
      const { Body } = await topology.execution.s3.send(
        new GetObjectCommand({ Bucket: results, Key: `team/${id}.csv` }),
      );
      expect(await Body?.transformToString()).to.equal(
        '"id","age","score","added","_col4","yes"\n"one","41","0.5",,"42","true"\n' +
          '"two ""2"", or so",,"1.23456789E7",,,"true"\n',
      );
    });

    it("are given in pages, with their types, the header first", async () => {
      const id = await topology.begin("SELECT id, age, score FROM customers ORDER BY id");
      await topology.over(id);
      const pages = paginateGetQueryResults(
        { client: topology.cross.athena, pageSize: 2 },
        { QueryExecutionId: id },
      );
      const rows: unknown[][] = [];
      for await (const { ResultSet } of pages) {
        rows.push(ResultSet?.Rows?.map(({ Data }) => Data?.[0]?.VarCharValue) ?? []);
        const types = ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type }) => [Name, Type]);
        expect(types).to.deep.equal([
          ["id", "varchar"],
          ["age", "bigint"],
          ["score", "double"],
        ]);
      }
      expect(rows).to.deep.equal([["id", "one"], ['two "2", or so']]);
    });

    it("are encrypted as the query asks, by the caller's right on the key", async () => {
      const key = (await topology.b.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
      const ResultConfiguration = {
        OutputLocation: output,
        EncryptionConfiguration: { EncryptionOption: "SSE_KMS" as const, KmsKey: key },
      };
      expect(await topology.failure("SELECT 1", { ResultConfiguration })).to.match(
        /^Access denied when writing output to url: s3:\/\/account-a-athena-results\/team\/.*kms:GenerateDataKey/,
      );
      await topology.grant([], allow(["kms:GenerateDataKey", "kms:Decrypt"], key));
      const id = await topology.begin("SELECT 1", { ResultConfiguration });
      await topology.over(id);
      const contents = topology.a.s3.send(new GetObjectCommand({ Bucket: results, Key: `team/${id}.csv` }));
      // A's administrator may not decrypt with B's key, whatever A's bucket policy says.
      expect((await refusal(contents)).message).to.contain("kms:Decrypt");
      const mine = await topology.cross.s3.send(
        new HeadObjectCommand({ Bucket: results, Key: `team/${id}.csv` }),
      );
      expect(mine.SSEKMSKeyId).to.equal(key);
    });

    it("are not given without the caller's right to read the object", async () => {
      await topology.grant([], {
        Effect: "Deny",
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${results}/*`,
      });
      const id = await topology.begin("SELECT 1");
      expect((await topology.over(id)).Status?.State).to.equal("SUCCEEDED");
      const refused = await refusal(
        topology.cross.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id })),
      );
      expect(refused.name).to.equal("AccessDeniedException");
      expect(refused.message).to.contain("s3:GetObject");
    });
  });

  describe("the caller's permissions", () => {
    const sql = "SELECT count(*) FROM customers";
    const refusals: [without: string, reason: RegExp][] = [
      ["database", /^Insufficient permissions to execute the query\..*glue:GetDatabase/],
      ["table", /^Insufficient permissions to execute the query\..*glue:GetTable/],
      ["list", /Permission denied on S3 path: s3:\/\/account-b-sagemaker-data\/customers/],
      ["read", /Permission denied on S3 path.*s3:GetObject/],
      ["decrypt", /Permission denied on S3 path.*kms:Decrypt/],
      ["results", /^Access denied when writing output to url: s3:\/\/account-a-athena-results\/team\//],
    ];
    for (const [without, reason] of refusals)
      it(`fails without ${without}`, async () => {
        await topology.grant([without]);
        expect(await topology.failure(sql)).to.match(reason);
      });

    it("is refused at once without athena's action on the workgroup", async () => {
      await topology.grant(["athena"]);
      const refused = await refusal(topology.begin(sql));
      expect(refused.name).to.equal("AccessDeniedException");
      expect(refused.message).to.contain(`workgroup/primary`);
    });

    it("is refused at once where the results bucket cannot be located", async () => {
      await topology.grant(["location"]);
      const refused = await refusal(topology.begin(sql));
      expect(refused).to.include({
        name: "InvalidRequestException",
        message: `Unable to verify/create output bucket ${results}`,
      });
    });

    it("fails where A's bucket policy does not let B's role write", async () => {
      await topology.openResults(["s3:GetObject"]);
      expect(await topology.failure(sql)).to.match(/^Access denied when writing output/);
      await topology.openResults();
    });

    it("can be bound to Athena: aws:CalledVia", async () => {
      const viaAthena = { "ForAnyValue:StringEquals": { "aws:CalledVia": "athena.amazonaws.com" } };
      await topology.grant(
        ["read"],
        allow("s3:GetObject", `arn:aws:s3:::${data}/*`, { Condition: viaAthena }),
      );
      expect(await topology.rows(sql)).to.deep.equal([["_col0"], ["2"]]);
      const direct = topology.cross.s3.send(
        new GetObjectCommand({ Bucket: data, Key: "customers/data/year=2024/one.parquet" }),
      );
      expect((await refusal(direct)).name).to.equal("AccessDenied");
    });
  });

  describe("places", () => {
    it("refuses a bucket in another region, one that is not there, and none", async () => {
      const { endpoint } = topology.sandbox;
      await clients(endpoint, topology.b.keys, "us-west-2").s3.send(
        new CreateBucketCommand({
          Bucket: "far-away-results",
          CreateBucketConfiguration: { LocationConstraint: "us-west-2" },
        }),
      );
      const start = (OutputLocation: string | undefined) =>
        refusal(
          topology.b.athena.send(
            new StartQueryExecutionCommand({
              QueryString: "SELECT 1",
              ResultConfiguration: { OutputLocation },
            }),
          ),
        );
      expect((await start("s3://far-away-results/")).message).to.contain("is in the same region");
      expect((await start("s3://no-such-results-bucket/")).message).to.contain("Unable to verify/create");
      expect((await start("http://x/")).message).to.contain("not a valid S3 path");
      expect((await start(undefined)).message).to.contain("No output location provided");
    });

    it("does not write to a bucket of another owner than expected", async () => {
      const ResultConfiguration = { OutputLocation: output, ExpectedBucketOwner: B };
      expect(await topology.failure("SELECT 1", { ResultConfiguration })).to.contain("expected 222222222222");
    });
  });

  describe("the life of a query", () => {
    it("is one for one token", async () => {
      const ClientRequestToken = "a-token-of-at-least-thirty-two-characters";
      const first = await topology.begin("SELECT 1", { ClientRequestToken });
      expect(await topology.begin("SELECT 1", { ClientRequestToken })).to.equal(first);
      const other = await refusal(topology.begin("SELECT 2", { ClientRequestToken }));
      expect(other.message).to.contain("Idempotent parameters do not match");
    });

    it("ends when it is stopped", async () => {
      const id = await topology.begin(
        "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b",
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      await topology.cross.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      expect((await topology.over(id)).Status?.State).to.equal("CANCELLED");
      // The engine is free again.
      expect(await topology.rows("SELECT 1")).to.deep.equal([["_col0"], ["1"]]);
    });

    it("is listed, and got in batches", async () => {
      const id = await topology.begin("SELECT 1");
      const { QueryExecutionIds } = await topology.cross.athena.send(new ListQueryExecutionsCommand({}));
      expect(QueryExecutionIds).to.include(id);
      const batch = await topology.cross.athena.send(
        new BatchGetQueryExecutionCommand({ QueryExecutionIds: [id, "no-such-query"] }),
      );
      expect(batch.QueryExecutions?.map(({ QueryExecutionId }) => QueryExecutionId)).to.deep.equal([id]);
      expect(batch.UnprocessedQueryExecutionIds).to.have.length(1);
    });
  });
});
