// Roles and buckets that the settings name, asked of a sandbox's IAM and S3 with the AWS SDK, as the driver does before it makes
// anything. That preview and up do so, with the exit code, is proven by test/integration/consumers.test.ts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketOwnershipControlsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { AccountClientConfig } from "../../../../automation/environment/accountSessions";
import { checkExisting } from "../../../../automation/preflight/existing/check";
import { ExitCode, UserError } from "../../../../automation/model/errors";
import { parseSettings } from "../../../../components/settings";
import { startSandbox, type Sandbox } from "../../../../packages/sandbox";
import { devSettings } from "../../../components/support";

type Raw = { [key: string]: any };
const ROLE = "arn:aws:iam::111111111111:role/team/notebooks";

describe("roles and buckets that the settings name", () => {
  let sandbox: Sandbox;
  let state: string;
  before(async () => {
    state = mkdtempSync(join(tmpdir(), "existing-"));
    sandbox = await startSandbox({ state });
    const iam = new IAMClient(configOf("A"));
    const trust = {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    };
    const AssumeRolePolicyDocument = JSON.stringify(trust);
    await iam.send(
      new CreateRoleCommand({ RoleName: "notebooks", Path: "/team/", AssumeRolePolicyDocument }),
    );
    const s3 = new S3Client(configOf("A"));
    for (const Bucket of ["results-own", "results-old"]) await s3.send(new CreateBucketCommand({ Bucket }));
    const west = new S3Client({ ...configOf("A"), region: "us-west-2" });
    const CreateBucketConfiguration = { LocationConstraint: "us-west-2" as const };
    await west.send(new CreateBucketCommand({ Bucket: "results-west", CreateBucketConfiguration }));
    const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket: "results-old", OwnershipControls }));
    const strangers = new S3Client(configOf("B"));
    await strangers.send(new CreateBucketCommand({ Bucket: "results-foreign" }));
  });
  after(async () => {
    await sandbox.close();
    rmSync(state, { recursive: true });
  });

  function configOf(name: string): AccountClientConfig {
    const keys = sandbox.accounts[name === "A" ? 0 : 1];
    if (!keys) throw new Error("two accounts were expected");
    const { accessKeyId, secretAccessKey } = keys;
    const credentials = { accessKeyId, secretAccessKey };
    return { region: "us-east-1", endpoint: sandbox.endpoint, credentials } as unknown as AccountClientConfig;
  }

  async function refusal(
    change: (fraud: Raw, raw: Raw) => void,
    consumers = ["fraud-scoring"],
  ): Promise<string> {
    const raw: Raw = devSettings();
    change(raw["consumers"]["fraud-scoring"], raw);
    try {
      await checkExisting(parseSettings(raw), new Set(consumers), configOf);
      return "";
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.exitCode).to.equal(ExitCode.existing);
      return error.message;
    }
  }
  const bucket = (name: string) => (fraud: Raw) => {
    fraud["resultsBucket"] = { name, existing: true };
  };

  it("are taken where they are there", async () => {
    const change = (fraud: Raw, raw: Raw) => {
      bucket("results-own")(fraud);
      fraud["executionRoleArn"] = ROLE;
      raw["offlineStore"].additionalWriterRoleArns = [ROLE];
      raw["offlineStore"].keyAdministrators = [ROLE];
    };
    expect(await refusal(change)).to.equal("");
    expect(await refusal(() => undefined)).to.equal("");
  });

  it("are each refused where they are not, under another path, or of another account or region", async () => {
    const gone = "arn:aws:iam::111111111111:role/nobody";
    expect(await refusal((fraud) => (fraud["executionRoleArn"] = gone))).to.contain(
      `consumers.fraud-scoring.executionRoleArn: there is no role ${gone}`,
    );
    const pathless = "arn:aws:iam::111111111111:role/notebooks";
    expect(await refusal((fraud) => (fraud["executionRoleArn"] = pathless))).to.contain(
      `there is no role ${pathless}; account A has ${ROLE}`,
    );
    const named = await refusal((_, raw) => {
      raw["offlineStore"].additionalWriterRoleArns = [ROLE, gone];
      raw["centralStore"].keyAdministrators = ["arn:aws:iam::222222222222:role/nobody"];
      raw["profiles"] = {
        readers: {
          profile: "consumer",
          store: "centralStore",
          featureGroups: ["shoppers"],
          trustedRoleArns: ["arn:aws:iam::222222222222:role/none"],
        },
      };
    });
    for (const at of [
      "offlineStore.additionalWriterRoleArns[1]",
      "centralStore.keyAdministrators[0]",
      "profiles.readers.trustedRoleArns[0]",
    ])
      expect(named).to.contain(`  ${at}: there is no role`);
    for (const [name, words] of [
      ["results-none", "there is no bucket results-none"],
      [
        "results-foreign",
        "cannot read bucket results-foreign, which needs s3:ListBucket, or it belongs to another account",
      ],
      ["results-west", "is in us-west-2, but Athena writes results only in its own region, us-east-1"],
      ["results-old", "has the object ownership BucketOwnerPreferred"],
    ] as const)
      expect(await refusal(bucket(name))).to.contain(words);
  });

  it("are those of the consumers that the run is for", async () => {
    expect(await refusal(bucket("results-none"), ["recommendations"])).to.equal("");
  });
});
