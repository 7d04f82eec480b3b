// State where a team keeps it: in a bucket of account B, with locks, and secrets under a key of AWS KMS. The bucket and
// the key are the sandbox's, the clients are the engine's own. Pulumi Cloud is not tried: there is none to be had here.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { ExitCode } from "../../automation/model/errors";
import { clients, type Clients } from "../sandbox/support";
import { offlineStoreOnly, Project, type StageJson } from "./driverSupport";
import { ended, NOTHING, TestBed } from "./support";

const BUCKET = "team-pulumi-state";
const BASE = "arn:aws:iam::999999999999:user/base";

describe("state in a bucket of account B", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  let b: Clients;
  const env = { PULUMI_BACKEND_URL: `s3://${BUCKET}/pulumi` };

  before(async () => {
    bed = await TestBed.start();
    const [, keys] = bed.sandbox.accounts;
    if (!keys) throw new Error("no account B");
    b = clients(bed.sandbox.endpoint, keys, "us-east-1");
    await b.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await b.s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: statePolicy() }));
    const Policy = keyPolicy();
    const { KeyMetadata } = await b.kms.send(new CreateKeyCommand({ Policy }));
    project = new Project(bed, offlineStoreOnly);
    const file = join(project.folder, "Pulumi.dev.yaml");
    const provider = `secretsprovider: awskms:///${KeyMetadata?.Arn}?region=us-east-1`;
    // The key takes the place of the passphrase, whose salt the file has.
    writeFileSync(file, readFileSync(file, "utf8").replace(/^encryptionsalt: .*$/m, provider));
  });
  after(() => bed.end());

  const run = (...args: string[]) =>
    bed.driver(args, { cwd: project.folder, env: { ...env, PULUMI_CONFIG_PASSPHRASE: undefined } });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, "--json");
    expect(code, stderr + stdout).to.equal(0);
    return JSON.parse(stdout) as { stages: StageJson[] };
  };
  const keysUnder = async (Prefix: string) => {
    const { Contents = [] } = await b.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
    return Contents.map(({ Key = "" }) => Key);
  };

  it("deploys, and finds it again", async () => {
    await json("up");
    const Key = "pulumi/.pulumi/stacks/feature-store-access/dev.writer.json";
    const { Body } = await b.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(await Body?.transformToString()).to.contain("awskms:///arn:aws:kms:us-east-1:222222222222:key/");
    const { stages } = await json("up", "--refresh");
    expect(stages.flatMap(({ changes }) => changes)).to.deep.equal([]);
    expect((await json("preview")).stages.flatMap(({ changes }) => changes)).to.deep.equal([]);
  });

  it("is locked while a run changes it: another says who holds it, waits, and goes on", async () => {
    const options = { cwd: project.folder, env: { ...env, PULUMI_CONFIG_PASSPHRASE: undefined } };
    const first = bed.spawnDriver(["up", "--refresh"], options);
    const over = ended(first);
    let lock: { Key: string; text: string } | undefined;
    while (first.exitCode === null && !lock) {
      const [Key] = await keysUnder("pulumi/.pulumi/locks/");
      // It may be gone again by the time that it is read: the next stage's is seen then.
      const read = Key
        ? await b.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key })).catch(() => null)
        : null;
      if (Key && read) lock = { Key, text: (await read.Body?.transformToString()) ?? "" };
    }
    expect((await over).code).to.equal(0);
    expect(await keysUnder("pulumi/.pulumi/locks/")).to.deep.equal([]);
    if (!lock) throw new Error("the first run held no lock");
    // The engine's own lock, held by a process that is sure to outlast the second run's start: this one.
    const held = JSON.stringify({ ...(JSON.parse(lock.text) as object), pid: process.pid });
    await b.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: lock.Key, Body: held }));
    const second = bed.spawnDriver(["up", "--refresh"], options);
    const waits = `waiting for another run (process ${process.pid}) to end`;
    let said = "";
    second.stderr?.on("data", (data: Buffer) => {
      const told = said.includes(waits);
      said += data.toString();
      if (!told && said.includes(waits))
        void b.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: lock.Key }));
    });
    const { code, stderr } = await ended(second);
    expect(code, stderr).to.equal(ExitCode.ok);
    expect(stderr).to.contain(waits);
    expect(await keysUnder("pulumi/.pulumi/locks/")).to.deep.equal([]);
  });

  it("destroys what it has", async () => {
    await json("destroy", "--delete-data", "--confirm", "dev");
    expect(bed.inventory()).to.deep.equal({ ...NOTHING, keys: 1, buckets: 1 });
  });
});

function statePolicy(): string {
  const Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketLocation"];
  const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS: BASE }, Action, Resource },
  });
}

function keyPolicy(): string {
  const root = "arn:aws:iam::222222222222:root";
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { AWS: BASE },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
      },
    ],
  });
}
