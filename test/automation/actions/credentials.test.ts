// What `npm run credentials` prints, read by the AWS SDK's own parser and by a shell; no role is really assumed here (the
// integration tests do that, with boto3 too).
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromIni } from "@aws-sdk/credential-providers";
import { Command } from "commander";
import { expect } from "chai";
import fc from "fast-check";
import {
  CREDENTIAL_SOURCES,
  deployerOf,
  environmentOf,
  exportText,
  credentialsOf,
  profileText,
} from "../../../automation/actions/credentials";
import { addCommand, type CommandContext } from "../../../automation/cli/command";
import { command as credentials } from "../../../automation/cli/commands/credentials";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { loadEnvironment } from "../../../automation/environment/project";
import type { ConsumerGrantsContract } from "../../../components/topologies/assumed-role";
import { PROJECT } from "../../integration/support";

const EXECUTION = "arn:aws:iam::111111111111:role/execution";
const STORE = "arn:aws:iam::222222222222:role/store";
const DEPLOYER = "arn:aws:iam::111111111111:role/deployer";
const group = (name: string) => ({
  arn: `arn:aws:sagemaker:eu-west-1:222222222222:feature-group/${name}`,
  access: ["readOnline" as const],
});
const grants: ConsumerGrantsContract = {
  executionRoleArn: EXECUTION,
  roleArn: STORE,
  externalId: "shop/fraud=1,2.3@x:y-_+",
  region: "eu-west-1",
  workgroup: "fraud",
  resultsLocation: "s3://results/athena/",
  featureGroups: {
    online: group("online"),
    payments: {
      ...group("payments"),
      table: { catalog: "AwsDataCatalog", database: "sagemaker_featurestore", name: "payments_1" },
    },
  },
};
const { settings } = loadEnvironment("dev", PROJECT);
const { externalId: _, ...withoutExternalId } = grants;

function refusal(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a consumer's profiles", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "feature-store-access-profiles-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  interface Assumed {
    readonly by: string;
    readonly RoleArn?: string;
    readonly ExternalId?: string;
    readonly RoleSessionName?: string;
    readonly DurationSeconds?: number;
  }

  /** The roles that the SDK would assume for the profile, one by the other. */
  async function chain(text: string, profile: string): Promise<Assumed[]> {
    const file = join(folder, "config");
    writeFileSync(file, text);
    const assumed: Assumed[] = [];
    const keys = { AWS_ACCESS_KEY_ID: "base", AWS_SECRET_ACCESS_KEY: "secret" };
    const before = Object.keys(keys).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, keys);
    try {
      await fromIni({
        profile,
        configFilepath: file,
        filepath: join(folder, "none"),
        ignoreCache: true,
        roleAssumer: (source, parameters) => {
          assumed.push({ by: source.accessKeyId, ...parameters });
          return Promise.resolve({ accessKeyId: parameters.RoleArn ?? "", secretAccessKey: "secret" });
        },
      })();
    } finally {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
    return assumed;
  }

  it("assume the store's role, with its external ID, for an hour, as a session of the profile's name", async () => {
    const text = profileText(grants, { name: "fraud", source: { credentialSource: "Environment" } });
    const [only, another] = await chain(text, "fraud");
    expect(another).to.equal(undefined);
    expect(only).to.deep.equal({
      by: "base",
      RoleArn: STORE,
      ExternalId: "shop/fraud=1,2.3@x:y-_+",
      RoleSessionName: "fraud",
      DurationSeconds: 3600,
    });
  });

  it("enter by the deployer and become the execution role, one after the other", async () => {
    const text = profileText(grants, {
      name: "fraud",
      source: { credentialSource: "Environment" },
      deployer: { roleArn: DEPLOYER, externalId: "tools" },
    });
    const assumed = await chain(text, "fraud");
    expect(assumed.map(({ by, RoleArn, ExternalId }) => [by, RoleArn, ExternalId])).to.deep.equal([
      ["base", DEPLOYER, "tools"],
      [DEPLOYER, EXECUTION, undefined],
      [EXECUTION, STORE, grants.externalId],
    ]);
  });

  it("start from any of the sources that SDKs know, or from another profile", async () => {
    for (const credentialSource of CREDENTIAL_SOURCES)
      expect(profileText(grants, { name: "fraud", source: { credentialSource } })).to.equal(
        `[profile fraud]\nrole_arn = ${STORE}\nexternal_id = ${grants.externalId}\nrole_session_name = fraud\n` +
          `region = eu-west-1\ncredential_source = ${credentialSource}\n`,
      );
    const own = `[profile own]\naws_access_key_id = own\naws_secret_access_key = secret\n\n`;
    const text = profileText(withoutExternalId, { name: "fraud", source: { sourceProfile: "own" } });
    expect(text).not.to.contain("external_id").and.not.to.contain("credential_source");
    const assumed = await chain(own + text, "fraud");
    expect(assumed).to.have.length(1);
    expect(assumed[0]).to.include({ by: "own", RoleArn: STORE, ExternalId: undefined });
  });

  it("keep any external ID that AWS takes", async () => {
    const ids = fc.stringMatching(/^[\w+=,.@:/-]{2,40}$/);
    await fc.assert(
      fc.asyncProperty(ids, async (externalId) => {
        const options = { name: "fraud", source: { credentialSource: "Environment" } };
        const [assumed] = await chain(profileText({ ...grants, externalId }, options), "fraud");
        expect(assumed?.ExternalId).to.equal(externalId);
      }),
      { numRuns: 50 },
    );
  });

  it("are never their own source", () => {
    const deployer = { roleArn: DEPLOYER };
    for (const [sourceProfile, options] of [
      ["fraud", {}],
      ["fraud-execution", { deployer }],
      ["fraud-deployer", { deployer }],
    ] as const) {
      const error = refusal(() =>
        profileText(grants, { name: "fraud", source: { sourceProfile }, ...options }),
      );
      expect(error.exitCode).to.equal(ExitCode.usage);
      expect(error.message).to.contain(sourceProfile);
    }
    profileText(grants, { name: "fraud", source: { sourceProfile: "fraud-execution" } });
  });
});

describe("a consumer's variables", () => {
  it("say where the store is, and none is one that SDKs read by themselves", () => {
    const variables = environmentOf(grants, "fraud");
    expect(variables).to.deep.equal({
      FEATURE_STORE_PROFILE: "fraud",
      FEATURE_STORE_REGION: "eu-west-1",
      FEATURE_STORE_ROLE_ARN: STORE,
      FEATURE_STORE_EXTERNAL_ID: grants.externalId,
      FEATURE_STORE_WORKGROUP: "fraud",
      FEATURE_STORE_RESULTS: "s3://results/athena/",
      FEATURE_STORE_DATABASE: "sagemaker_featurestore",
    });
    expect(environmentOf({ ...withoutExternalId, featureGroups: {} }, "fraud")).not.to.have.any.keys(
      "FEATURE_STORE_EXTERNAL_ID",
      "FEATURE_STORE_DATABASE",
    );
  });

  it("come out of a shell as they are, whatever they hold", () => {
    const texts = ["plain", "it's", '$HOME `id` \\ "x"', "two\nlines", "", "'", "a;b #c"];
    for (const value of texts) {
      const script = `${exportText({ FEATURE_STORE_X: value })}\nprintf '%s' "$FEATURE_STORE_X"`;
      expect(execFileSync("sh", ["-c", script]).toString()).to.equal(value);
    }
  });
});

describe("which consumer", () => {
  const deployed = { "consumerGrants:fraud-scoring": grants };

  it("is found with what its last stage gave", () => {
    const found = credentialsOf(settings, deployed, "fraud-scoring");
    expect(found.consumer.name).to.equal("fraud-scoring");
    expect(found.grants).to.equal(grants);
    expect(deployerOf(settings, found.consumer)).to.deep.equal({ roleArn: DEPLOYER, externalId: undefined });
  });

  it("has to be in the settings and deployed", () => {
    const unknown = refusal(() => credentialsOf(settings, deployed, "fraud"));
    expect(unknown.exitCode).to.equal(ExitCode.usage);
    expect(unknown.advice).to.contain("fraud-scoring, recommendations");
    expect(refusal(() => credentialsOf({ ...settings, consumers: [] }, {}, "fraud")).advice).to.contain(
      "none",
    );
    const absent = refusal(() => credentialsOf(settings, deployed, "recommendations"));
    expect(absent.exitCode).to.equal(ExitCode.failed);
    expect(absent.message).to.contain("not deployed");
  });

  it("has an execution role that its deployer may assume, or brings one", () => {
    const { consumer } = credentialsOf(settings, deployed, "fraud-scoring");
    const distrusting = { ...settings, verification: { trustDeployer: false } };
    expect(refusal(() => deployerOf(distrusting, consumer)).advice).to.contain("verification.trustDeployer");
    expect(deployerOf(distrusting, { ...consumer, executionRoleArn: EXECUTION }).roleArn).to.equal(DEPLOYER);
  });
});

describe("the command", () => {
  const parse = (...args: string[]) => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    const runOptions = () => {
      throw new Error("nothing should be read");
    };
    addCommand(
      program.command("credentials"),
      credentials,
      { runOptions } as unknown as CommandContext,
      () => undefined,
    );
    return program.parseAsync(["credentials", "--env", "none-such", ...args], { from: "user" });
  };
  const fault = (...args: string[]) =>
    parse(...args).then(
      () => "",
      (error: Error) => error.message,
    );

  it("refuses what no profile, form or source can be", async () => {
    expect(await fault()).to.contain("--consumer");
    expect(await fault("--consumer", "x", "--format", "xml")).to.contain("all, profile, env, json");
    expect(await fault("--consumer", "x", "--credential-source", "Ecs")).to.contain("EcsContainer");
    for (const name of ["a b", "x", "a]", "y".repeat(65)])
      expect(await fault("--consumer", "x", "--profile", name), name).to.contain("2 to 64");
    expect(await fault("--consumer", "x")).to.contain("none-such");
  });
});
