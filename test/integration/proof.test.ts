// Proof and reality: what is deployed is asked by real clients what the proof says of it, every intent that a request by
// itself can try, and some thousand requests at random. And what hands change is seen. Reality is the sandbox, which decides
// by the same evaluation: what is compared is the model, the context of requests, and the services' own checks.
import { expect } from "chai";
import {
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  DeleteRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { EncryptCommand, GenerateDataKeyCommand } from "@aws-sdk/client-kms";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { Questions, type Question } from "../../access/ask";
import { ActionCatalog } from "@feature-store-access/iam";
import type { Intent } from "../../access/intents/types";
import type { AccessModel } from "../../access/model";
import { questionsOf } from "../../access/proveIntents";
import { AccountSessions } from "../../automation/environment/accountSessions";
import { loadEnvironment } from "../../automation/environment/project";
import { deployedAccess } from "../../automation/proof/proveAccess";
import { Actor } from "../../automation/topologies/verification/actor";
import { decided, isDirect, TRIALS, type Trial } from "../../automation/actions/verify/trials";
import { Project } from "./driverSupport";
import { TestBed } from "./support";

const REQUESTS = Number(process.env["PROOF_REQUESTS"] ?? 3000);
const SEED = Number(process.env["PROOF_SEED"] ?? 1);

/** Numbers from 0 to 1 that a seed gives again (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const bucketOf = (arn: string) => arn.slice("arn:aws:s3:::".length).split("/")[0] ?? "";
const keyOf = (arn: string) => arn.split("/").slice(1).join("/");

const CHANGING: Readonly<Record<string, Trial>> = {
  "s3:PutObject": ({ s3 }, { resource }) =>
    s3.send(new PutObjectCommand({ Bucket: bucketOf(resource), Key: keyOf(resource), Body: "x" })),
  "s3:DeleteObject": ({ s3 }, { resource }) =>
    s3.send(new DeleteObjectCommand({ Bucket: bucketOf(resource), Key: keyOf(resource) })),
  "kms:Encrypt": ({ kms }, { resource }) =>
    kms.send(new EncryptCommand({ KeyId: resource, Plaintext: Buffer.from("x") })),
  "kms:GenerateDataKey": ({ kms }, { resource }) =>
    kms.send(new GenerateDataKeyCommand({ KeyId: resource, KeySpec: "AES_256" })),
};
const ALL_TRIALS: Readonly<Record<string, Trial>> = { ...TRIALS, ...CHANGING };

describe("proof and reality", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  let model: AccessModel;
  let intents: Intent[];
  let questions: Questions;
  const actors = new Map<string, Actor>();
  const outer = { ...process.env };

  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed);
    await project.json(0, "up");
    // From here on this process acts in the sandbox too.
    Object.assign(process.env, bed.env);
    ({ model, intents } = await deployedAccess({ env: "dev", directory: project.folder }));
    questions = new Questions(model);
    const { settings } = loadEnvironment("dev", project.folder);
    const sessions = new AccountSessions(settings);
    const role = (stage: string) => model.roles.find((each) => each.stage === stage)?.arn ?? "";
    actors.set(role("writer"), new Actor("writer", sessions.chained("A", role("writer"))));
    for (const { name, account, externalId } of settings.consumers) {
      const execution = sessions.chained(account, role(`consumer:${name}`));
      const roleArn = role(`crossAccountRole:${name}`);
      actors.set(role(`consumer:${name}`), new Actor(name, execution));
      actors.set(
        roleArn,
        new Actor(
          `${name} in B`,
          sessions.assumedBy(execution, { roleArn, externalId, region: "us-east-1" }),
        ),
      );
    }
  });
  after(async () => {
    for (const actor of actors.values()) actor.end();
    for (const name of Object.keys(process.env)) if (!(name in outer)) delete process.env[name];
    Object.assign(process.env, outer);
    await bed.end();
  });

  const isAllowed = (question: Question) => questions.answer(question).result === "Allowed";

  /** What a request comes to by the proof: itself, and what the service asks on the caller's behalf. */
  function expected(question: Question): "allowed" | "denied" {
    const { action, resource, principal } = question;
    const asked = [question];
    const thing = questions.resource(resource);
    const properties = thing?.properties as Record<string, any>;
    if (action === "sagemaker:GetRecord") {
      const key = properties?.["onlineStoreConfig"]?.securityConfig?.kmsKeyId as string | undefined;
      if (key)
        asked.push({
          principal,
          action: "kms:Decrypt",
          resource: key,
          context: { "kms:ViaService": "sagemaker.us-east-1.amazonaws.com" },
        });
    }
    if (action === "s3:PutObject") {
      const key = encryptionOf(resource);
      if (key)
        asked.push({
          principal,
          action: "kms:GenerateDataKey",
          resource: key,
          context: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
        });
    }
    if (action === "glue:GetTable") {
      const [head = ""] = resource.split(":table/");
      const [database = ""] = (resource.split(":table/")[1] ?? "").split("/");
      asked.push(
        { ...question, resource: `${head}:catalog` },
        { ...question, resource: `${head}:database/${database}` },
      );
    }
    return asked.every(isAllowed) ? "allowed" : "denied";
  }
  function encryptionOf(object: string): string | undefined {
    const bucket = model.resources.find(({ arn }) => arn === `arn:aws:s3:::${bucketOf(object)}`);
    const group = model.resources.find(
      ({ kind, properties }) =>
        kind === "featureGroup" &&
        JSON.stringify(properties["offlineStoreConfig"]).includes(`s3://${bucketOf(bucket?.arn ?? "")}/`),
    );
    const store = group?.properties["offlineStoreConfig"] as
      { s3StorageConfig: { kmsKeyId?: string } } | undefined;
    return store?.s3StorageConfig.kmsKeyId;
  }

  async function compare(asked: readonly Question[]): Promise<{ tried: number; allowed: number }> {
    const differences: string[] = [];
    let [tried, allowed] = [0, 0];
    for (const question of asked) {
      const actor = actors.get(question.principal);
      const request = actor && ALL_TRIALS[question.action]?.(actor, question);
      if (!request) continue;
      tried++;
      const [real, proven] = [await decided(request), expected(question)];
      if (real === "allowed") allowed++;
      if (real !== proven) differences.push(`${JSON.stringify(question)}: proven ${proven}, but ${real}`);
    }
    expect(differences).to.deep.equal([]);
    return { tried, allowed };
  }

  it("agree on every intent that a request by itself can try", async () => {
    const catalog = await ActionCatalog.of(["s3", "kms", "sts", "sagemaker", "athena", "glue"]);
    const asked = intents.flatMap(({ steps }) => steps.flatMap((step) => questionsOf(step, catalog)));
    // An object that is not there, S3 refuses to whom it does not let list: of these only refusals tell.
    const direct = asked.filter(
      (question) => isDirect(question) && !(question.action === "s3:GetObject" && isAllowed(question)),
    );
    const { tried, allowed } = await compare(direct);
    expect(tried).to.be.at.least(70);
    expect(allowed).to.be.at.least(25);
  });

  it(`agree on ${REQUESTS} requests at random (PROOF_SEED=${SEED})`, async () => {
    const next = random(SEED);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
    const principals = [...actors.keys()];
    const of = (kind: string) => model.resources.filter((each) => each.kind === kind).map(({ arn }) => arn);
    const buckets = of("bucket");
    const tables = model.resources.flatMap(({ properties }) => {
      const store = properties["offlineStoreConfig"] as
        { dataCatalogConfig?: { database: string; tableName: string } } | undefined;
      const table = store?.dataCatalogConfig;
      return table ? [`arn:aws:glue:us-east-1:222222222222:table/${table.database}/${table.tableName}`] : [];
    });
    const prefixes = ["", "features/", "central/", "athena-results/", "private/"];
    const dataPrefixes = model.resources.flatMap(({ properties }) => {
      const store = properties["offlineStoreConfig"] as
        { s3StorageConfig?: { resolvedOutputS3Uri?: string } } | undefined;
      const uri = store?.s3StorageConfig?.resolvedOutputS3Uri;
      return uri ? [`${uri.split("/").slice(3).join("/")}/`] : [];
    });
    const kinds: Record<string, () => Omit<Question, "principal" | "action">> = {
      "sts:AssumeRole": () => ({
        resource: pick(of("role")),
        ...(next() < 0.5 ? { context: { "sts:ExternalId": pick(["shop/fraud-scoring", "other"]) } } : {}),
      }),
      "sagemaker:DescribeFeatureGroup": () => ({ resource: pick(of("featureGroup")) }),
      "sagemaker:GetRecord": () => ({ resource: pick(of("featureGroup")) }),
      "s3:ListBucket": () => ({
        resource: pick(buckets),
        context: { "s3:prefix": pick([...prefixes, ...dataPrefixes]) },
      }),
      "s3:GetBucketLocation": () => ({ resource: pick(buckets) }),
      "s3:GetBucketAcl": () => ({ resource: pick(buckets) }),
      "s3:GetBucketPolicy": () => ({ resource: pick(buckets) }),
      "s3:PutObject": () => ({ resource: `${pick(buckets)}/${pick([...prefixes, ...dataPrefixes])}proof` }),
      "s3:DeleteObject": () => ({
        resource: `${pick(buckets)}/${pick([...prefixes, ...dataPrefixes])}proof`,
      }),
      "athena:GetWorkGroup": () => ({ resource: pick(of("workgroup")) }),
      "glue:GetTable": () => ({ resource: pick(tables) }),
      "kms:DescribeKey": () => ({ resource: pick(of("key")) }),
      "kms:Encrypt": () => ({ resource: pick(of("key")) }),
      "kms:GenerateDataKey": () => ({ resource: pick(of("key")) }),
    };
    const asked = Array.from({ length: REQUESTS }, (): Question => {
      const action = pick(Object.keys(kinds));
      return { principal: pick(principals), action, ...kinds[action]?.() } as Question;
    });
    const { tried, allowed } = await compare(asked);
    expect(tried).to.equal(REQUESTS);
    expect(allowed).to.be.greaterThan(REQUESTS / 20);
  });

  it("see what is changed by hand, though the stacks do not", async () => {
    const { settings } = loadEnvironment("dev", project.folder);
    const client = new IAMClient(new AccountSessions(settings).account("B"));
    const { name: RoleName = "" } =
      model.roles.find(({ stage }) => stage === "crossAccountRole:recommendations") ?? {};
    expect((await client.send(new GetRoleCommand({ RoleName }))).Role?.RoleName).to.equal(RoleName);
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "sagemaker:GetRecord", Resource: "*" },
    });
    await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: "by-hand", PolicyDocument }));
    try {
      const same = await project.run("prove", "--of", "deployed");
      expect(same.code, same.stderr).to.equal(0);
      const live = await project.run("prove", "--of", "live", "--against", "deployed");
      expect(live.code, live.stderr).to.equal(20);
      expect(live.stdout).to.match(/may not read feature group payments online: but it is allowed/);
      expect(live.stdout).to.match(
        /GAINED, and no setting explains it:\n.*sagemaker:GetRecord on \*.*by-hand/,
      );
      const drift = await project.run("drift");
      expect(drift.code, drift.stderr).to.equal(2);
      expect(drift.stdout).to.match(/access.*by hand.*\n.*sagemaker:GetRecord on \*/);
    } finally {
      await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "by-hand" }));
    }
    const mended = await project.run("prove", "--of", "live", "--against", "deployed");
    expect(mended.code, mended.stdout + mended.stderr).to.equal(0);
  });
});
