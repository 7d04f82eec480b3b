// The AWS CLI, a client that nobody here wrote, in both accounts of the deployed topology. It is PyPI's `awscli`, kept in
// the user's cache; on a machine without Python 3 these tests cannot be run and say so.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { findPython, virtualEnvironment } from "./python";
import { TestBed } from "./support";

const VERSION = "1.46.3";
const BUCKET = "shop-offline-store-sagemaker-dev";
const python = findPython();
if (python === undefined) console.warn("the AWS CLI's tests are left out: there is no Python 3.9 or newer");
else describe("the AWS CLI on the sandbox", suite(python));

function suite(interpreter: string): (this: Mocha.Suite) => void {
  return function () {
    this.timeout(300_000);
    let bed: TestBed;
    let aws: string;
    before(async () => {
      aws = join(virtualEnvironment(interpreter, `awscli-${VERSION}`, [`awscli==${VERSION}`]), "aws");
      bed = await TestBed.start();
      writeFileSync(
        join(bed.state, "aws", "config"),
        ["A 111111111111", "B 222222222222"].map(profile).join("\n"),
      );
      const up = await bed.driver(["up"]);
      expect(up.code, up.stderr).to.equal(0);
    });
    after(() => bed.end());

    // The CLI keeps sessions of assumed roles under HOME: those of another sandbox are no tokens of this one.
    const run = (...args: string[]) => bed.run(aws, args, { env: { HOME: bed.state } });
    const cli = (profileName: string, ...args: string[]) =>
      run(...args, "--profile", profileName, "--output", "json");
    const json = async (profileName: string, ...args: string[]) => {
      const { code, stdout, stderr } = await cli(profileName, ...args);
      expect(code, stderr).to.equal(0);
      return (stdout === "" ? {} : JSON.parse(stdout)) as Record<string, unknown>;
    };
    const refused = async (profileName: string, ...args: string[]) => {
      const { code, stderr } = await cli(profileName, ...args);
      expect(code).not.to.equal(0);
      expect(stderr).to.match(/AccessDenied|not authorized|Forbidden|403/);
    };

    it("enters each account by its deployer role", async () => {
      expect((await json("A", "sts", "get-caller-identity"))["Account"]).to.equal("111111111111");
      expect((await json("B", "sts", "get-caller-identity"))["Account"]).to.equal("222222222222");
    });

    it("lists and describes what is in each account, and nothing of the other", async () => {
      const groups = (await json("A", "sagemaker", "list-feature-groups"))["FeatureGroupSummaries"] as {
        FeatureGroupName: string;
      }[];
      expect(groups.map(({ FeatureGroupName }) => FeatureGroupName).sort()).to.deep.equal([
        "customers",
        "orders",
      ]);
      const inB = (await json("B", "sagemaker", "list-feature-groups"))[
        "FeatureGroupSummaries"
      ] as typeof groups;
      expect(inB.map(({ FeatureGroupName }) => FeatureGroupName).sort()).to.deep.equal([
        "payments",
        "shoppers",
      ]);
      const bucketsOf = async (account: "A" | "B") =>
        ((await json(account, "s3api", "list-buckets"))["Buckets"] as { Name: string }[]).map(
          ({ Name }) => Name,
        );
      expect(await bucketsOf("B")).to.deep.equal(["shop-central-store-sagemaker-dev", BUCKET]);
      expect(await bucketsOf("A")).to.deep.equal(["shop-fraud-scoring-results-dev"]);
      expect((await json("A", "kms", "list-aliases"))["Aliases"]).to.have.length(1);
    });

    it("writes a record as account A and reads its object as account B", async () => {
      const now = new Date().toISOString().replace(/\.\d+/, "");
      const values = {
        customer_id: "cli-1",
        updated_at: now,
        country: "FR",
        days_since_signup: "1",
        orders_90d: "0",
        spend_90d_eur: "0",
        return_rate: "0",
      };
      const record = JSON.stringify(
        Object.entries(values).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString })),
      );
      await json(
        "A",
        "sagemaker-featurestore-runtime",
        "put-record",
        "--feature-group-name",
        "customers",
        "--record",
        record,
      );
      const read = await json(
        "A",
        "sagemaker-featurestore-runtime",
        "get-record",
        "--feature-group-name",
        "customers",
        "--record-identifier-value-as-string",
        "cli-1",
      );
      expect(read["Record"]).to.deep.include({ FeatureName: "country", ValueAsString: "FR" });
      const key = await offlineKey();
      const copy = join(bed.state, "copy.parquet");
      const got = await run("s3", "cp", `s3://${BUCKET}/${key}`, copy, "--profile", "B");
      expect(got.code, got.stderr).to.equal(0);
    });

    it("is refused what the policies refuse", async () => {
      const key = await offlineKey();
      await refused("A", "s3api", "get-object", "--bucket", BUCKET, "--key", key, join(bed.state, "no"));
      await refused("A", "s3api", "list-objects-v2", "--bucket", BUCKET);
      await refused("A", "s3api", "delete-object", "--bucket", BUCKET, "--key", key);
      await refused(
        "B",
        "sagemaker-featurestore-runtime",
        "get-record",
        "--feature-group-name",
        "arn:aws:sagemaker:us-east-1:111111111111:feature-group/customers",
        "--record-identifier-value-as-string",
        "cli-1",
      );
      const alias = ((await json("A", "kms", "list-aliases"))["Aliases"] as { TargetKeyId: string }[])[0];
      await refused(
        "B",
        "kms",
        "encrypt",
        "--key-id",
        `arn:aws:kms:us-east-1:111111111111:key/${alias?.TargetKeyId}`,
        "--plaintext",
        "AAAA",
      );
    });

    async function offlineKey(): Promise<string> {
      for (let tries = 0; tries < 20; tries++) {
        const { Contents } = await json("B", "s3api", "list-objects-v2", "--bucket", BUCKET);
        const [first] = (Contents ?? []) as { Key: string }[];
        if (first) return first.Key;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      throw new Error("no offline object came");
    }
  };
}

function profile(text: string): string {
  const [name, account] = text.split(" ");
  return `[profile ${name}]\nrole_arn = arn:aws:iam::${account}:role/deployer\ncredential_source = Environment\nregion = us-east-1\n`;
}
