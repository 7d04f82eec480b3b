// The code of docs/consume.md, unchanged, as a consumer's workloads run it: with boto3 and the AWS SDK for JavaScript, the
// profile and variables that `npm run credentials` prints, and the execution role's credentials where SageMaker has them,
// at a container's credentials endpoint. It does not prove the SageMaker Python SDK, notebook instances' metadata, or that
// AWS's Athena takes the SQL as DuckDB does.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { CentralStoreContract, ConsumerGrantsContract } from "../../components/topologies/assumed-role";
import { Project } from "./driverSupport";
import { findPython, virtualEnvironment } from "./python";
import { TestBed } from "./support";
import { containerCredentials, eventually, extract, lines, succeeded, TOKEN } from "./workload";

const BOTO3 = "1.44.5";
const AWSWRANGLER = "3.17.1";
const python = findPython();
if (python === undefined)
  console.warn("docs/consume.md's Python is left out: there is no Python 3.9 or newer with venv");

/** One consumer of one of two feature groups: `shoppers` is not granted. */
function settings(config: Record<string, any>): void {
  delete config["offlineStore"];
  const consumer = config["consumers"]["fraud-scoring"];
  config["consumers"] = {
    "fraud-scoring": { ...consumer, access: { payments: ["readOnline", "readOffline", "write"] } },
  };
}

describe("docs/consume.md", function () {
  this.timeout(300_000);
  let bed: TestBed;
  let project: Project;
  let folder: string;
  let server: Server;
  let grants: ConsumerGrantsContract;
  let store: CentralStoreContract;
  let workload: NodeJS.ProcessEnv;
  let outside: NodeJS.ProcessEnv;

  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, settings);
    const up = await project.run("up");
    expect(up.code, up.stderr).to.equal(0);
    const outputs = JSON.parse((await project.run("outputs")).stdout) as Record<string, unknown>;
    grants = outputs["consumerGrants:fraud-scoring"] as ConsumerGrantsContract;
    store = outputs["centralStore"] as CentralStoreContract;
    folder = extract(join(bed.state, "workload"));
    server = await containerCredentials(bed, grants.executionRoleArn);
    // As SageMaker's containers: no keys in the environment, but where to get those of the execution role.
    workload = {
      ...(await printed("container")),
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/role`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: TOKEN,
    };
    outside = await printed("outside", "--via-deployer");
  });
  after(async () => {
    server.close();
    await bed.end();
  });

  /** What `npm run credentials` prints, as a workload is given it: a config file, and variables that a shell reads. */
  async function printed(name: string, ...options: string[]): Promise<NodeJS.ProcessEnv> {
    const credentials = async (format: string) => {
      const given = ["--consumer", "fraud-scoring", "--format", format, ...options];
      const { code, stdout, stderr } = await project.run("credentials", ...given);
      expect(code, stderr).to.equal(0);
      return stdout;
    };
    const file = join(bed.state, `${name}.ini`);
    writeFileSync(file, await credentials("profile"));
    const shell = await bed.run("sh", ["-c", `${await credentials("env")}\nenv`]);
    const lines = shell.stdout.split("\n").filter((line) => line.startsWith("FEATURE_STORE_"));
    return { ...Object.fromEntries(lines.map((line) => line.split("=", 2))), AWS_CONFIG_FILE: file };
  }
  const run = (command: string, args: string[], env = workload) =>
    bed.run(command, args, { cwd: folder, env });

  if (python !== undefined)
    describe("in Python", () => {
      let bin: string;
      before(() => (bin = virtualEnvironment(python, `boto3-${BOTO3}`, [`boto3==${BOTO3}`])));
      const file = (name: string) => run(join(bin, "python"), [name]);
      /** Runs statements that use the documented module, as a notebook's cells do. */
      const cell = (code: string, env = workload) =>
        run(join(bin, "python"), ["-c", `import json\nfrom central_store import *\n${code}`], env);
      const rows = () => cell(`print(query("SELECT count(*) AS n FROM " + table_of("payments"))[0][0]["n"])`);

      it("writes and reads records", async () => {
        const [one, many] = lines(await file("online.py"));
        const first = {
          payment_id: "pay-1",
          seen_at: "1760000200.0",
          chargebacks_1y: "1",
          risk_score: "0.71",
        };
        expect(one).to.deep.equal(first);
        expect(many).to.deep.equal({
          "pay-1": first,
          "pay-2": {
            payment_id: "pay-2",
            seen_at: "1760000100.0",
            chargebacks_1y: "0",
            risk_score: "0.05",
          },
        });
        const name = lines(
          await cell(`print(json.dumps(get("${grants.featureGroups["payments"]?.arn}", "pay-1")))`),
        );
        expect(name, "by ARN").to.deep.equal([first]);
        expect(lines(await cell(`print(json.dumps(get("payments", "nobody")))`))).to.deep.equal([null]);
      });

      it("makes a training set with each record as it was at the time, in the consumer's bucket", async () => {
        await eventually("3", rows);
        const [found, ...result] = succeeded(await file("training.py")).stdout.split("\n");
        const early = { payment_id: "pay-1", fraud: "0", risk_score: "0.12", chargebacks_1y: "0" };
        const late = { payment_id: "pay-1", fraud: "1", risk_score: "0.71", chargebacks_1y: "1" };
        const other = { payment_id: "pay-2", fraud: "0", risk_score: "0.05", chargebacks_1y: "0" };
        expect(JSON.parse(found ?? "")).to.deep.equal([early, late, other]);
        expect(result.filter(Boolean)).to.deep.equal([
          `"payment_id","fraud","risk_score","chargebacks_1y"`,
          `"pay-1","0","0.12","0"`,
          `"pay-1","1","0.71","1"`,
          `"pay-2","0","0.05","0"`,
        ]);

        const deletion = `FeatureGroupName="payments", RecordIdentifierValueAsString="pay-2", EventTime="1760000200.0"`;
        succeeded(await cell(`records.delete_record(${deletion})`));
        await eventually("4", rows);
        const [without] = succeeded(await file("training.py")).stdout.split("\n");
        expect(JSON.parse(without ?? "")).to.deep.equal([early, late]);
      });

      it("is refused what is not granted", async () => {
        const denied = async (code: string, reason: RegExp) => {
          const { code: exit, stderr } = await cell(code);
          expect(exit, code).not.to.equal(0);
          expect(stderr).to.match(reason);
        };
        await denied(`get("shoppers", "s-1")`, /AccessDenied.*sagemaker:GetRecord/);
        await denied(`get_many("shoppers", ["s-1"])`, /AccessDenied.*sagemaker:BatchGetRecord/);
        await denied(`put("shoppers", {"shopper_id": "s-1"})`, /AccessDenied.*sagemaker:PutRecord/);
        await denied(`table_of("shoppers")`, /AccessDenied.*sagemaker:DescribeFeatureGroup/);
        const { database, name } = store.featureGroups["shoppers"]?.table ?? { database: "", name: "" };
        await denied(
          `query('SELECT * FROM "${database}"."${name}"')`,
          /FAILED: Insufficient permissions to execute the query.*glue:GetTable/,
        );
        await denied(
          `athena.start_query_execution(QueryString="SELECT 1")`,
          /AccessDenied.*athena:StartQueryExecution.*workgroup\/primary/,
        );
        const { FEATURE_STORE_PROFILE = "", AWS_CONFIG_FILE = "" } = workload;
        const config = readFileSync(AWS_CONFIG_FILE, "utf8");
        const without = join(bed.state, "without.ini");
        writeFileSync(without, config.replace(/^external_id.*\n/m, ""));
        const { stderr } = await cell(`get("payments", "pay-1")`, { ...workload, AWS_CONFIG_FILE: without });
        expect(stderr, FEATURE_STORE_PROFILE).to.match(/AccessDenied.*sts:AssumeRole/);
      });

      it("assumes the role again before a session ends", async () => {
        // boto3 does so in a session's last 15 minutes: those are all that this one has.
        const short = join(bed.state, "short.ini");
        writeFileSync(
          short,
          `${readFileSync(workload["AWS_CONFIG_FILE"] ?? "", "utf8").trim()}\nduration_seconds = 900\n`,
        );
        const keys = `
key = lambda: session.get_credentials().get_frozen_credentials().access_key
first = key()
time.sleep(1.1)
print(json.dumps([first != key(), get("payments", "pay-1")["risk_score"]]))`;
        const ended = await cell(keys, { ...workload, AWS_CONFIG_FILE: short });
        expect(lines(ended)).to.deep.equal([[true, "0.71"]]);
      });

      it("is the same from outside SageMaker, through the account's deployer", async () => {
        const code = `print(json.dumps([get("payments", "pay-1")["risk_score"], session.client("sts").get_caller_identity()["Account"]]))`;
        expect(lines(await cell(code, outside))).to.deep.equal([["0.71", "222222222222"]]);
      });

      if (process.env["TEST_AWSWRANGLER"] === "1")
        it("gives data frames", async () => {
          const packages = [`boto3==${BOTO3}`, `awswrangler==${AWSWRANGLER}`];
          const frames = virtualEnvironment(python, `awswrangler-${AWSWRANGLER}`, packages);
          expect(lines(await run(join(frames, "python"), ["frame.py"]))).to.deep.equal([
            [
              { payment_id: "pay-1", highest: 0.71 },
              { payment_id: "pay-2", highest: 0.05 },
            ],
          ]);
        });
    });

  describe("in JavaScript", () => {
    const script = (code: string, env = workload) => {
      writeFileSync(
        join(folder, "cell.mjs"),
        `import { get, getFrom, put } from "./endpoint.mjs";\nimport { query } from "./query.mjs";\n${code}`,
      );
      return run(process.execPath, ["cell.mjs"], env);
    };
    const show = (expression: string, env = workload) =>
      script(`console.log(JSON.stringify(${expression}));`, env);
    const record = { payment_id: "js-1", seen_at: "1760000500", chargebacks_1y: "0", risk_score: "0.3" };

    it("writes and reads records", async () => {
      succeeded(await script(`await put("payments", ${JSON.stringify(record)});`));
      expect(lines(await show(`await get("payments", "js-1")`))).to.deep.equal([record]);
      const found = [{ FeatureGroupName: "payments", ...record }];
      expect(lines(await show(`await getFrom({ payments: ["js-1", "js-2"] })`))).to.deep.equal([found]);
    });

    it("queries the offline store, from outside SageMaker too", async () => {
      const { database, name } = grants.featureGroups["payments"]?.table ?? { database: "", name: "" };
      const sql = `SELECT payment_id, risk_score FROM "${database}"."${name}" WHERE payment_id = 'js-1'`;
      const ask = (env: NodeJS.ProcessEnv) => show(`await query(${JSON.stringify(sql)})`, env);
      const expected = [
        ["payment_id", "risk_score"],
        ["js-1", "0.3"],
      ];
      await eventually(JSON.stringify(expected), () => ask(workload));
      expect(lines(await ask(outside))).to.deep.equal([expected]);
    });

    it("is refused what is not granted", async () => {
      expect((await show(`await get("shoppers", "s-1")`)).stderr).to.match(
        /AccessDenied.*sagemaker:GetRecord/,
      );
      expect((await show(`await getFrom({ payments: ["js-1"], shoppers: ["s-1"] })`)).stderr).to.match(
        /shoppers: AccessDenied/,
      );
      const { database, name } = store.featureGroups["shoppers"]?.table ?? { database: "", name: "" };
      const sql = JSON.stringify(`SELECT * FROM "${database}"."${name}"`);
      expect((await show(`await query(${sql})`)).stderr).to.match(/FAILED: Insufficient permissions/);
      const { stderr } = await show(`await get("payments", "js-1")`, {
        ...workload,
        FEATURE_STORE_EXTERNAL_ID: "another",
      });
      expect(stderr).to.match(/AccessDenied.*sts:AssumeRole/);
    });
  });
});
