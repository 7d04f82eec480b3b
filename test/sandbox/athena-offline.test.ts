/**
 * Athena over offline stores: what the sandbox's Feature Store wrote, as SQL sees it, results, parameters, restarts.
 * Does not prove anything about Trino's own functions, nor that AWS's Parquet files look so.
 */
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from "@aws-sdk/client-athena";
import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateFeatureGroupCommand,
  UpdateFeatureGroupCommand,
  type CreateFeatureGroupCommandInput,
} from "@aws-sdk/client-sagemaker";
import { PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { allow, groupOf, recordOf, region, serviceRole, until, whenNot } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const bucket = "athena-offline-sagemaker";
const names = [
  "O'Brien; DROP TABLE x --",
  'a "quoted", value',
  "two\nlines\r\n",
  "žluťoučký 🐎",
  "NULL",
  "\\",
];

describe("Athena over offline stores", function () {
  this.timeout(30_000);
  const state = mkdtempSync(join(tmpdir(), "athena-offline-"));
  let sandbox: Sandbox;
  let a: Clients;
  let table: string;
  let empty: string;

  async function start(): Promise<void> {
    sandbox = await startSandbox({ state });
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keys);
  }

  before(async () => {
    await start();
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await a.s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
    const RoleArn = await serviceRole(a, "writer", [
      allow(["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl"]),
    ]);
    const offline = (name: string): CreateFeatureGroupCommandInput =>
      groupOf(name, {
        RoleArn,
        OfflineStoreConfig: { S3StorageConfig: { S3Uri: `s3://${bucket}/features` } },
      });
    const made = async (name: string) => {
      await a.sagemaker.send(new CreateFeatureGroupCommand(offline(name)));
      const group = await whenNot("Creating", a, name);
      return group.OfflineStoreConfig?.DataCatalogConfig?.TableName ?? "";
    };
    [table, empty] = await Promise.all([made("people"), made("nobody")]);
    for (const [index, id] of names.entries())
      await put({ id, time: `2024-01-0${index + 1}T00:00:00Z`, age: String(30 + index), score: "0.1" });
    await put({ id: "sparse", time: "2024-02-01T00:00:00Z" });
    await until(
      async () => (await rows(`SELECT count(*) FROM ${table}`))[1]?.[0] === String(names.length + 1),
    );
  });
  after(async () => {
    await sandbox.close();
    rmSync(state, { recursive: true });
  });

  const put = (values: Record<string, string>) =>
    a.featureStore.send(new PutRecordCommand({ FeatureGroupName: "people", Record: recordOf(values) }));

  async function begin(QueryString: string, more: Partial<StartQueryExecutionCommandInput> = {}) {
    const { QueryExecutionId } = await a.athena.send(
      new StartQueryExecutionCommand({
        QueryString,
        QueryExecutionContext: { Database: "sagemaker_featurestore" },
        ResultConfiguration: { OutputLocation: `s3://${bucket}/results/` },
        ...more,
      }),
    );
    return QueryExecutionId ?? "";
  }

  async function ended(QueryExecutionId: string) {
    return until(async () => {
      const { QueryExecution } = await a.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const current = QueryExecution?.Status?.State;
      return current !== "QUEUED" && current !== "RUNNING" && QueryExecution?.Status;
    });
  }

  const resultOf = async (QueryExecutionId: string) => {
    const { ResultSet } = await a.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    return ResultSet?.Rows?.map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue)) ?? [];
  };

  /** Header first; NULL is undefined. Fails with the query's reason. */
  async function rows(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}) {
    const id = await begin(sql, more);
    const status = await ended(id);
    if (status.State !== "SUCCEEDED") throw new Error(status.StateChangeReason);
    return resultOf(id);
  }

  describe("records", () => {
    it("come back as they were put, whatever is in them", async () => {
      const found = await rows(`SELECT id, age, score FROM ${table} WHERE age IS NOT NULL ORDER BY time`);
      expect(found.slice(1)).to.deep.equal(names.map((id, index) => [id, String(30 + index), "0.1"]));
    });

    it("have NULL where nothing was put, last in order", async () => {
      const found = await rows(`SELECT id, age, score, is_deleted FROM ${table} ORDER BY age DESC LIMIT 10`);
      expect(found.at(-1)).to.deep.equal(["sparse", undefined, undefined, "false"]);
    });

    it("have the types of their features, and of Feature Store's own columns", async () => {
      const id = await begin(`SELECT * FROM "${table}" LIMIT 1`);
      await ended(id);
      const { ResultSet } = await a.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
      const types = ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type }) => `${Name} ${Type}`);
      expect(types).to.have.members([
        "id varchar",
        "time varchar",
        "age bigint",
        "score double",
        "write_time timestamp",
        "api_invocation_time timestamp",
        "is_deleted boolean",
      ]);
    });

    it("have NULL for a feature that was added after them", async () => {
      await a.sagemaker.send(
        new UpdateFeatureGroupCommand({
          FeatureGroupName: "people",
          FeatureAdditions: [{ FeatureName: "Colour", FeatureType: "String" }],
        }),
      );
      await until(async () => (await rows(`SELECT * FROM ${table} LIMIT 1`))[0]?.includes("colour"));
      await put({ id: "late", time: "2024-03-01T00:00:00Z", Colour: "red" });
      const sql = `SELECT id, colour FROM ${table} WHERE id IN ('late', 'sparse') ORDER BY id`;
      const found = await until(async () => {
        const answer = await rows(sql);
        return answer.length === 3 && answer;
      });
      expect(found.slice(1)).to.deep.equal([
        ["late", "red"],
        ["sparse", undefined],
      ]);
    });

    it("are none in a table that nothing was written to", async () => {
      expect(await rows(`SELECT id, age FROM ${empty}`)).to.deep.equal([["id", "age"]]);
      expect(await rows(`SELECT count(*) AS n, max(age) FROM ${empty}`)).to.deep.equal([
        ["n", "_col1"],
        ["0", undefined],
      ]);
    });
  });

  describe("SQL", () => {
    const latest = (from: string) =>
      `SELECT id FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY time DESC, write_time DESC) AS rank
       FROM ${from}) WHERE rank = 1 AND NOT is_deleted ORDER BY id LIMIT 1`;
    const queries: [what: string, sql: () => string, rows: (string | undefined)[][]][] = [
      ["the newest of each record", () => latest(table), [["NULL"]]],
      [
        "a join under WITH",
        () => `WITH old AS (SELECT * FROM ${table} WHERE age >= 34) SELECT count(*), min(o.age)
               FROM old o JOIN "AwsDataCatalog"."sagemaker_featurestore"."${table}" t ON o.id = t.id`,
        [["2", "34"]],
      ],
      [
        "aggregates",
        () => `SELECT sum(age), avg(age), count(DISTINCT age) FROM ${table}`,
        [["195", "32.5", "6"]],
      ],
      ["division of integers", () => "SELECT 5 / 2, 5 / 2.0E0", [["2", "2.5"]]],
      ["NULL beside an empty string", () => "SELECT NULL, '', 'NULL'", [[undefined, "", "NULL"]]],
      [
        "arrays, rows and maps",
        () => "SELECT [1.0E0, NULL], {'a': 'x'}, MAP {'k': true}",
        [["[1.0, null]", "{a=x}", "{k=true}"]],
      ],
      [
        "numbers",
        () => "SELECT CAST(0.1 AS real), CAST(1.5 AS decimal(9,2)), 1E-5, 1E7",
        [["0.1", "1.50", "1.0E-5", "1.0E7"]],
      ],
      [
        "times",
        () =>
          "SELECT TIMESTAMP '2020-01-02 03:04:05.1239', DATE '2020-01-02', TIMESTAMPTZ '2020-07-02 03:04:05+02'",
        [["2020-01-02 03:04:05.123", "2020-01-02", "2020-07-02 01:04:05.000 UTC"]],
      ],
      [
        "a time before 1970",
        () => "SELECT TIMESTAMP '1969-12-31 23:59:59.9999'",
        [["1969-12-31 23:59:59.999"]],
      ],
    ];
    for (const [what, sql, expected] of queries)
      it(what, async () => {
        expect((await rows(sql())).slice(1)).to.deep.equal(expected);
      });

    it("takes any string as a parameter or a literal, and gives it back", async () => {
      // Parameters have at most 1,024 characters.
      const text = fc.string({ unit: "binary", maxLength: 60 }).filter((value) => !value.includes("\0"));
      await fc.assert(
        fc.asyncProperty(text, text, async (first, second) => {
          const literals = [first, second].map((value) => `'${value.replace(/'/g, "''")}'`);
          const [a = "", b = ""] = literals;
          const found = await rows(`SELECT ? AS p, ${b} AS l, '?' AS q -- ?`, { ExecutionParameters: [a] });
          expect(found[1]).to.deep.equal([first, second, "?"]);
        }),
        { numRuns: 8 },
      );
    });

    it("takes any other name for a table that is not there", async () => {
      const name = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(
          name.filter((value) => !value.includes("\0")),
          async (value) => {
            const { State, StateChangeReason } = await ended(
              await begin(`SELECT * FROM "${value.replace(/"/g, '""')}"`),
            );
            expect(State).to.equal("FAILED");
            expect(StateChangeReason).to.match(/^TABLE_NOT_FOUND: line 1:15: /);
          },
        ),
        { numRuns: 8 },
      );
    });

    it("tells where a table is named that is not there", async () => {
      const { StateChangeReason } = await ended(
        await begin(`SELECT 'é' AS x,\n 1 FROM ${table}, nowhere.things`),
      );
      expect(StateChangeReason).to.equal(
        `SCHEMA_NOT_FOUND: line 2:${" 1 FROM , ".length + table.length + 1}: Schema 'nowhere' does not exist`,
      );
    });
  });

  describe("a restart of the sandbox", () => {
    it("keeps what is over, and ends what ran", async () => {
      const over = await begin("SELECT 1 AS one");
      await ended(over);
      const long = await begin("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b");
      await sandbox.close();
      await start();
      expect(await resultOf(over)).to.deep.equal([["one"], ["1"]]);
      expect(await ended(long)).to.include({
        State: "FAILED",
        StateChangeReason: "INTERNAL_ERROR: the sandbox was ended while the query ran",
      });
      const refused = await refusal(resultOf(long));
      expect(refused.message).to.equal("Query did not finish successfully. Final query state: FAILED");
      const file = await a.s3.send(new GetObjectCommand({ Bucket: bucket, Key: `results/${over}.csv` }));
      expect(await file.Body?.transformToString()).to.equal('"one"\n"1"\n');
    });
  });

  it("answers others while a query computes", async () => {
    const long = await begin(
      "SELECT count(*) FROM range(100000) a, range(100000) b WHERE a.range + b.range < 0",
    );
    const others = await Promise.all([1, 2, 3].map((n) => rows(`SELECT ${n}`)));
    expect(others.map((answer) => answer[1]?.[0])).to.deep.equal(["1", "2", "3"]);
    const { QueryExecution } = await a.athena.send(new GetQueryExecutionCommand({ QueryExecutionId: long }));
    expect(QueryExecution?.Status?.State).to.equal("RUNNING");
  });
});
