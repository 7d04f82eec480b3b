/**
 * The attempts of topology offline-store: a record's path from account A into account B's bucket, and the refusals around it.
 * No attempt does harm if it wrongly succeeds: objects to delete do not exist, and objects are written where
 * nothing reads.
 */
import { randomUUID } from "node:crypto";
import { EncryptCommand, GenerateDataKeyCommand } from "@aws-sdk/client-kms";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { GetRecordCommand, PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import type { FeatureGroupSettings, Settings } from "../../../components/settings";
import { ref, type OfflineStoreSettings } from "../../../components/topologies/offline-store";
import { contractOf } from "../contracts";
import type { Actor } from "../verification/actor";
import { allowed, denied } from "../verification/expectations";
import { awaitNewObject, listKeys, parseS3Uri, readObject } from "../verification/offlineObject";
import { deleteRecord, probeRecord } from "../verification/records";
import type { Attempt, Strangers, Verification } from "../verification/types";

interface Facts {
  readonly keyArn: string;
  readonly bucketArn: string;
  readonly groups: readonly (FeatureGroupSettings & { readonly arn: string; readonly s3Uri: string })[];
}

interface Actors extends Strangers {
  readonly accountA: Actor;
  readonly accountB: Actor;
  /** Account B's deployer, limited to Amazon S3: the bucket's owner without the key. */
  readonly accountBWithoutKey: Actor;
  /** The writer role of account A, if the settings let the deployer assume it (`verification.trustDeployer`). */
  readonly writer?: Actor;
}

const ONLY_S3 = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } };

/** The attempts in the order to make them: later ones read what earlier ones wrote. */
export function* attempts(verification: Verification, store: OfflineStoreSettings): Generator<Attempt> {
  const { settings, patience } = verification;
  const facts = factsOf(verification, store);
  const actors = actorsOf(verification);
  for (const group of facts.groups) yield* recordPath(facts, group, actors, patience);
  const [first] = facts.groups;
  if (!first) return;
  const { bucket, key } = parseS3Uri(first.s3Uri);
  const seen = () => anyObject(actors.accountB, bucket, key);
  const { accountA, accountBWithoutKey, anyone, outsider, writer } = actors;
  yield denied(accountBWithoutKey, "s3:GetObject", first.s3Uri, async () =>
    get(accountBWithoutKey, bucket, await seen()),
  );
  yield denied(accountA, "s3:GetObject", first.s3Uri, async () => get(accountA, bucket, await seen()));
  yield denied(accountA, "s3:DeleteObject", facts.bucketArn, () => remove(accountA, bucket, key));
  if (writer) yield* writerRefusals(settings, facts, writer, first.s3Uri, seen);
  yield* keyRefusals(settings, facts, actors);
  if (outsider) {
    yield denied(outsider, "s3:GetObject", first.s3Uri, async () => get(outsider, bucket, await seen()));
    yield denied(outsider, "sagemaker:GetRecord", first.arn, () => getRecord(outsider, first.arn, "1"));
    yield denied(outsider, "kms:Encrypt", facts.keyArn, () => encrypt(outsider, facts.keyArn));
  }
  yield denied(anyone, "s3:GetObject", first.s3Uri, async () => get(anyone, bucket, await seen()));
}

function factsOf({ contracts }: Verification, store: OfflineStoreSettings): Facts {
  const { keyArn } = contractOf(contracts, ref("writer"));
  const { bucketArn } = contractOf(contracts, ref("offlineBucket"));
  const { featureGroups } = contractOf(contracts, ref("featureGroups"));
  const groups = store.featureGroups.flatMap((group) => {
    const made = featureGroups[group.name];
    return made?.s3Uri === undefined ? [] : [{ ...group, arn: made.arn, s3Uri: made.s3Uri }];
  });
  return { keyArn, bucketArn, groups };
}

function actorsOf({ settings, contracts, identities, strangers, actsAs }: Verification): Actors {
  const actors = {
    ...strangers,
    accountA: identities.deployer("A"),
    accountB: identities.deployer("B"),
    accountBWithoutKey: identities.limited("account B without the key", "B", ONLY_S3),
  };
  if (!settings.verification.trustDeployer) return actors;
  const { roleArn } = contractOf(contracts, ref("writer"));
  const writer = identities.assumed("account A's writer role", "A", { roleArn });
  actsAs(roleArn, writer);
  return { ...actors, writer };
}

/** A record is written and read online by A, arrives offline, is read by B under A's key, and is deleted. */
function* recordPath(
  facts: Facts,
  group: Facts["groups"][number],
  { accountA, accountB }: Actors,
  patience: number,
): Generator<Attempt> {
  const probe = probeRecord(group);
  const { bucket, key: prefix } = parseS3Uri(group.s3Uri);
  let before = new Set<string>();
  let arrived: string | undefined;
  const online = group.onlineStore;
  yield allowed(accountA, "sagemaker:PutRecord", group.arn, async () => {
    before = new Set(await listKeys(accountB.s3, bucket, prefix));
    await accountA.records.send(new PutRecordCommand({ FeatureGroupName: group.arn, Record: probe.record }));
    return `record ${probe.identifier}`;
  });
  if (online)
    yield allowed(accountA, "sagemaker:GetRecord", group.arn, async () => {
      const count = await getRecord(accountA, group.arn, probe.identifier);
      if (count !== probe.record.length)
        throw new Error(`the record came back with ${count} features, not ${probe.record.length}`);
      return `${count} features, as written`;
    });
  yield allowed(accountB, "s3:ListBucket", facts.bucketArn, async () => {
    arrived = await awaitNewObject(accountB.s3, bucket, prefix, before, patience);
    if (arrived === undefined)
      throw new Error(`no new object under ${group.s3Uri} within ${patience / 1000} s`);
    return arrived.slice(prefix.length + 1);
  });
  yield allowed(accountB, "s3:GetObject", `s3://${bucket}/${prefix}`, async () => {
    if (arrived === undefined) throw new Error("there is no object to read");
    const { bytes, kmsKeyArn } = await readObject(accountB.s3, bucket, arrived);
    if (bytes.subarray(0, 4).toString() !== "PAR1") throw new Error(`${arrived} is not Parquet`);
    if (kmsKeyArn !== facts.keyArn)
      throw new Error(`${arrived} is encrypted under ${kmsKeyArn ?? "no key of KMS"}, not ${facts.keyArn}`);
    return `${bytes.length} bytes of Parquet under account A's key`;
  });
  if (online)
    yield allowed(accountA, "sagemaker:DeleteRecord", group.arn, () =>
      deleteRecord(accountA, group.arn, group, probe),
    );
}

function* writerRefusals(
  settings: Settings,
  facts: Facts,
  writer: Actor,
  s3Uri: string,
  seen: () => Promise<string>,
): Generator<Attempt> {
  const { bucket, key } = parseS3Uri(s3Uri);
  yield denied(writer, "s3:GetObject", s3Uri, async () => get(writer, bucket, await seen()));
  yield denied(writer, "s3:DeleteObject", facts.bucketArn, () => remove(writer, bucket, key));
  yield denied(writer, "s3:ListBucket", facts.bucketArn, () =>
    writer.s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })),
  );
  // The documents' own bucket policy lets the role write anywhere in the bucket, with any encryption.
  if (settings.policyMode === "documented") return;
  const outside = `verification/${randomUUID()}`;
  yield denied(writer, "s3:PutObject", `s3://${bucket}/${outside}`, () =>
    put(writer, { Bucket: bucket, Key: outside, ServerSideEncryption: "aws:kms", SSEKMSKeyId: facts.keyArn }),
  );
  const inside = `${key}/verification-${randomUUID()}`;
  yield denied(writer, "s3:PutObject", `${s3Uri} (not under the key)`, () =>
    put(writer, { Bucket: bucket, Key: inside, ServerSideEncryption: "AES256" }),
  );
}

function* keyRefusals(settings: Settings, facts: Facts, actors: Actors): Generator<Attempt> {
  const { accountB } = actors;
  if (settings.policyMode === "documented") return;
  yield denied(accountB, "kms:GenerateDataKey", facts.keyArn, () =>
    accountB.kms.send(new GenerateDataKeyCommand({ KeyId: facts.keyArn, KeySpec: "AES_256" })),
  );
  yield denied(accountB, "kms:Encrypt", facts.keyArn, () => encrypt(accountB, facts.keyArn));
}

async function anyObject(reader: Actor, bucket: string, prefix: string): Promise<string> {
  const [key] = await listKeys(reader.s3, bucket, prefix);
  if (key === undefined) throw new Error(`there is no object under s3://${bucket}/${prefix} to try with`);
  return key;
}

const get = (actor: Actor, Bucket: string, Key: string) =>
  actor.s3.send(new GetObjectCommand({ Bucket, Key }));

/** The name is made up, so that a wrongly allowed deletion deletes nothing. */
const remove = (actor: Actor, Bucket: string, prefix: string) =>
  actor.s3.send(new DeleteObjectCommand({ Bucket, Key: `${prefix}/verification-${randomUUID()}` }));

const put = (actor: Actor, input: ConstructorParameters<typeof PutObjectCommand>[0]) =>
  actor.s3.send(
    new PutObjectCommand({ ...input, Body: "written by a verification that should have been refused" }),
  );

const encrypt = (actor: Actor, KeyId: string) =>
  actor.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));

async function getRecord(
  actor: Actor,
  FeatureGroupName: string,
  RecordIdentifierValueAsString: string,
): Promise<number> {
  const input = { FeatureGroupName, RecordIdentifierValueAsString };
  const { Record = [] } = await actor.records.send(new GetRecordCommand(input));
  return Record.length;
}
