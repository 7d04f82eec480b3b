/**
 * The attempts of topology assumed-role: each consumer's access to each feature group through account B's role, and the
 * refusals around it. A refused attempt that wrongly succeeds writes a made-up record, or an object where nothing reads.
 */
import { randomUUID } from "node:crypto";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  BatchGetRecordCommand,
  GetRecordCommand,
  PutRecordCommand,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { FeatureGroupSettings } from "../../../components/settings";
import {
  ref,
  type CentralStoreContract,
  type CentralStoreSettings,
} from "../../../components/topologies/assumed-role";
import { contractOf } from "../contracts";
import type { Actor } from "../verification/actor";
import { runQuery, untilFound } from "../verification/athenaQuery";
import { allowed, denied } from "../verification/expectations";
import { awaitNewObject, listKeys, parseS3Uri, readObject } from "../verification/offlineObject";
import { deleteRecord, probeRecord, type ProbeRecord } from "../verification/records";
import type { Attempt, Strangers, Verification } from "../verification/types";
import { consumerActors, type ConsumerActors } from "./actors";

interface Facts {
  readonly store: CentralStoreContract;
  readonly groups: readonly FeatureGroupSettings[];
  readonly storeOwner: Actor;
  readonly strangers: Strangers;
  readonly consumers: readonly ConsumerActors[];
}

/** A group with a record that the verification wrote. */
interface Probed {
  readonly group: FeatureGroupSettings;
  readonly made: CentralStoreContract["featureGroups"][string];
  readonly probe: ProbeRecord;
  /** Key of an offline object that arrived after the record was written. */
  object?: string;
  /** Milliseconds since 1970 by which the record has to reach the offline store. */
  until?: number;
}

/** The attempts in the order to make them: later ones read what earlier ones wrote. */
export async function* attempts(
  verification: Verification,
  { featureGroups: groups }: CentralStoreSettings,
): AsyncGenerator<Attempt> {
  const { settings, contracts, identities, strangers, patience } = verification;
  const store = contractOf(contracts, ref("centralStore"));
  const consumers: ConsumerActors[] = [];
  for (const consumer of settings.consumers) {
    const actors = await consumerActors(verification, consumer);
    if (actors) consumers.push(actors);
  }
  const facts = { store, groups, storeOwner: identities.deployer("B"), strangers, consumers };
  const probed = groups.flatMap((group): Probed[] => {
    const made = store.featureGroups[group.name];
    return made ? [{ group, made, probe: probeRecord(group) }] : [];
  });
  yield* fill(facts, probed, patience);
  // The documents' own policies permit the role all of account B's feature groups: then only allowed accesses can be tried.
  const exact = settings.policyMode === "leastPrivilege";
  for (const actors of consumers) {
    for (const each of probed) yield* oneGroup(actors, each, exact);
    yield* assuming(facts, actors);
    if (exact) yield* othersResults(facts, actors);
  }
  yield* endProbes(facts, probed);
}

/** Account B itself writes one record into every group, and waits until it can be queried. */
function* fill({ storeOwner }: Facts, probed: Probed[], patience: number): Generator<Attempt> {
  const before = new Map<Probed, Set<string>>();
  for (const each of probed) {
    const { s3Uri } = each.made;
    yield allowed(storeOwner, "sagemaker:PutRecord", each.made.arn, async () => {
      if (s3Uri !== undefined) {
        const { bucket, key } = parseS3Uri(s3Uri);
        before.set(each, new Set(await listKeys(storeOwner.s3, bucket, key)));
      }
      await put(storeOwner, each.made.arn, each.probe);
      each.until = Date.now() + patience;
      return `record ${each.probe.identifier}`;
    });
  }
  for (const each of probed) {
    const { s3Uri } = each.made;
    if (s3Uri === undefined) continue;
    const { bucket, key } = parseS3Uri(s3Uri);
    yield allowed(storeOwner, "s3:GetObject", s3Uri, async () => {
      each.object = await awaitNewObject(
        storeOwner.s3,
        bucket,
        `${key}/`,
        before.get(each) ?? new Set(),
        patience,
      );
      if (each.object === undefined) throw new Error(`no new object within ${patience / 1000} s`);
      const { bytes } = await readObject(storeOwner.s3, bucket, each.object);
      return `${bytes.length} bytes of Parquet`;
    });
  }
}

/** One consumer's access to one feature group, and the refusals of other access. */
function* oneGroup(actors: ConsumerActors, each: Probed, exact: boolean): Generator<Attempt> {
  const { consumer, assumed } = actors;
  const { group, made } = each;
  const access = consumer.access[group.name] ?? [];
  if (group.onlineStore) yield* online(assumed, each, access.includes("readOnline"), exact);
  if (access.includes("write")) yield* writing(assumed, each);
  else if (exact)
    yield denied(assumed, "sagemaker:PutRecord", made.arn, () => put(assumed, made.arn, probeRecord(group)));
  yield* offline(actors, each, access.includes("readOffline"), exact);
}

function* online(assumed: Actor, { made, probe }: Probed, may: boolean, exact: boolean): Generator<Attempt> {
  const FeatureGroupName = made.arn;
  const get = async () => {
    const input = { FeatureGroupName, RecordIdentifierValueAsString: probe.identifier };
    const { Record = [] } = await assumed.records.send(new GetRecordCommand(input));
    return sameSize(Record.length, probe);
  };
  const batch = async () => {
    const Identifiers = [{ FeatureGroupName, RecordIdentifiersValueAsString: [probe.identifier] }];
    const { Records = [], Errors = [] } = await assumed.records.send(
      new BatchGetRecordCommand({ Identifiers }),
    );
    const [error] = Errors;
    if (error) throw Object.assign(new Error(error.ErrorMessage), { name: error.ErrorCode });
    return sameSize(Records[0]?.Record?.length ?? 0, probe);
  };
  for (const [action, what] of [
    ["sagemaker:GetRecord", get],
    ["sagemaker:BatchGetRecord", batch],
  ] as const)
    if (may) yield allowed(assumed, action, made.arn, what);
    else if (exact) yield denied(assumed, action, made.arn, what);
}

function* writing(assumed: Actor, { group, made }: Probed): Generator<Attempt> {
  const own = probeRecord(group);
  yield allowed(assumed, "sagemaker:PutRecord", made.arn, async () => {
    await put(assumed, made.arn, own);
    return `record ${own.identifier}`;
  });
  if (group.onlineStore)
    yield allowed(assumed, "sagemaker:DeleteRecord", made.arn, () =>
      deleteRecord(assumed, made.arn, group, own),
    );
}

/** A query as account B's role, its result read as the execution role, and reads of the objects without Athena. */
function* offline(actors: ConsumerActors, each: Probed, may: boolean, exact: boolean): Generator<Attempt> {
  const { assumed, execution, contract } = actors;
  const { group, made, probe } = each;
  const { table, s3Uri } = made;
  if (!table || s3Uri === undefined) return;
  const sql = `SELECT * FROM "${table.database}"."${table.name}" WHERE CAST("${group.recordIdentifier}" AS varchar) = '${probe.identifier}'`;
  const query = () =>
    runQuery(assumed.athena, sql, { workgroup: contract.workgroup, database: table.database });
  const object = async () => {
    if (each.object === undefined) throw new Error("there is no object to try with");
    const { bucket } = parseS3Uri(s3Uri);
    await readObject(assumed.s3, bucket, each.object);
  };
  if (may) {
    let location: string | undefined;
    yield allowed(assumed, "athena:StartQueryExecution", `table ${table.name}`, async () => {
      const result = await untilFound(query, each.until ?? 0);
      if (result.rows.length !== 1)
        throw new Error(`the query found ${result.rows.length} rows, not the one that was written`);
      location = result.location;
      return "1 row, as written";
    });
    yield allowed(execution, "s3:GetObject", contract.resultsLocation, async () => {
      if (location === undefined) throw new Error("there is no result to read");
      if (!location.startsWith(contract.resultsLocation)) throw new Error(`the result went to ${location}`);
      const { bucket, key } = parseS3Uri(location);
      const { bytes } = await readObject(execution.s3, bucket, key);
      if (!bytes.includes(probe.identifier)) throw new Error(`${location} does not hold the record`);
      return location;
    });
    if (exact) {
      const { bucket, key } = parseS3Uri(s3Uri);
      yield denied(assumed, "s3:PutObject", s3Uri, () =>
        write(assumed, bucket, `${key}/verification-${randomUUID()}`),
      );
    }
  } else if (exact) {
    yield denied(assumed, "athena:StartQueryExecution", `table ${table.name}`, query);
    yield denied(assumed, "s3:GetObject", s3Uri, object);
  }
}

/** Only the execution role may assume the consumer's role, and only with the external ID. */
function* assuming({ strangers, consumers }: Facts, actors: ConsumerActors): Generator<Attempt> {
  const { contract, consumer, deployer, execution } = actors;
  const { roleArn, externalId } = contract;
  const assume = (actor: Actor, ExternalId: string | undefined) => () =>
    actor.sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "verification", ExternalId }));
  if (externalId !== undefined) {
    const without = `${roleArn} (without the external ID)`;
    yield denied(execution, "sts:AssumeRole", without, assume(execution, undefined));
  }
  yield denied(deployer, "sts:AssumeRole", roleArn, assume(deployer, externalId));
  const { outsider } = strangers;
  if (outsider) yield denied(outsider, "sts:AssumeRole", roleArn, assume(outsider, externalId));
  for (const other of consumers)
    if (other.consumer.name !== consumer.name)
      yield denied(other.execution, "sts:AssumeRole", roleArn, assume(other.execution, externalId));
}

/** Another consumer's results can be neither read nor written, and its workgroup cannot be used. */
function* othersResults({ consumers }: Facts, actors: ConsumerActors): Generator<Attempt> {
  const { assumed, execution } = actors;
  for (const { consumer, contract } of consumers) {
    if (consumer.name === actors.consumer.name) continue;
    const { bucket, key } = parseS3Uri(contract.resultsLocation);
    const Key = `${key}verification-${randomUUID()}.csv`;
    for (const actor of [assumed, execution])
      yield denied(actor, "s3:GetObject", contract.resultsLocation, () =>
        actor.s3.send(new GetObjectCommand({ Bucket: bucket, Key })),
      );
    yield denied(assumed, "s3:PutObject", contract.resultsLocation, () => write(assumed, bucket, Key));
    yield denied(assumed, "athena:StartQueryExecution", `workgroup ${contract.workgroup}`, () =>
      runQuery(assumed.athena, "SELECT 1", { workgroup: contract.workgroup, database: "default" }),
    );
  }
}

function* endProbes({ storeOwner }: Facts, probed: Probed[]): Generator<Attempt> {
  for (const { group, made, probe } of probed)
    if (group.onlineStore)
      yield allowed(storeOwner, "sagemaker:DeleteRecord", made.arn, () =>
        deleteRecord(storeOwner, made.arn, group, probe),
      );
}

function sameSize(count: number, { record }: ProbeRecord): string {
  if (count !== record.length)
    throw new Error(`the record came back with ${count} features, not ${record.length}`);
  return `${count} features, as written`;
}

async function put(actor: Actor, FeatureGroupName: string, { record }: ProbeRecord): Promise<void> {
  await actor.records.send(new PutRecordCommand({ FeatureGroupName, Record: record }));
}

const write = (actor: Actor, Bucket: string, Key: string) =>
  actor.s3.send(
    new PutObjectCommand({ Bucket, Key, Body: "written by a verification that should have been refused" }),
  );
