// Day two of the keys, on the real engine and the sandbox: a given key that will not do stops preview and up; grants by the command; and the walks
// of docs/operations.md, step by step: rotating a key, moving to another, recovering from a revoked grant. What AWS does to a store whose grant is
// gone beyond refusing its records is not played.
import { expect } from "chai";
import { rmSync } from "node:fs";
import {
  CreateGrantCommand,
  CreateKeyCommand,
  GetKeyRotationStatusCommand,
  ListGrantsCommand,
  RotateKeyOnDemandCommand,
} from "@aws-sdk/client-kms";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DeleteFeatureGroupCommand, DescribeFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { GetRecordCommand, PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { parquetReadObjects } from "hyparquet";
import { ExitCode } from "../../automation/model/errors";
import type { StoreGrants } from "../../automation/actions/grants";
import { recordOf, until, valuesOf, whenGone } from "../sandbox/featureGroups";
import { clients, refusal, type Clients } from "../sandbox/support";
import { offlineStoreOnly, Project } from "./driverSupport";
import { NOTHING, TestBed } from "./support";

const A = "111111111111";
const B = "222222222222";
const BUCKET = "shop-offline-store-sagemaker-dev";
const GROUP = "customers";

describe("the keys of a store, day by day", function () {
  this.timeout(120_000);
  let bed: TestBed;
  let project: Project;
  let a: Clients;
  let b: Clients;
  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, (config) => {
      offlineStoreOnly(config);
      config["offlineStore"].featureGroups.splice(1);
      config["offlineStore"].keys = { online: "own", viaService: true };
      config["protectData"] = true;
    });
    const [keysA, keysB] = bed.sandbox.accounts;
    if (!keysA || !keysB) throw new Error("two accounts were expected");
    a = clients(bed.sandbox.endpoint, keysA, "us-east-1");
    b = clients(bed.sandbox.endpoint, keysB, "us-east-1");
  });
  after(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });

  const choose = (keys: object, protectData = true) =>
    project.settings((config) => {
      config["offlineStore"].keys = keys;
      config["protectData"] = protectData;
    });
  const described = () => a.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: GROUP }));
  const keysOf = async () => {
    const { OnlineStoreConfig, OfflineStoreConfig } = await described();
    return {
      online: OnlineStoreConfig?.SecurityConfig?.KmsKeyId ?? "",
      offline: OfflineStoreConfig?.S3StorageConfig?.KmsKeyId ?? "",
    };
  };
  const put = (id: string, orders: string, time: string) =>
    a.featureStore.send(
      new PutRecordCommand({
        FeatureGroupName: GROUP,
        Record: recordOf({ customer_id: id, updated_at: time, orders_90d: orders }),
      }),
    );
  const get = async (id: string) => {
    const command = new GetRecordCommand({ FeatureGroupName: GROUP, RecordIdentifierValueAsString: id });
    return valuesOf((await a.featureStore.send(command)).Record);
  };
  /** Keys of the offline objects under the group's own prefix, once there are as many rows. */
  const offline = (rows: number, uri?: string): Promise<Record<string, unknown>[]> =>
    until(async () => {
      const all = await rowsUnder(
        uri ?? (await described()).OfflineStoreConfig?.S3StorageConfig?.ResolvedOutputS3Uri,
      );
      return all.length >= rows && all;
    });
  async function objectsUnder(uri = ""): Promise<string[]> {
    const Prefix = `${uri.slice(`s3://${BUCKET}/`.length)}/`;
    const { Contents = [] } = await b.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  }
  /** The rows as account B reads them. */
  async function rowsUnder(uri?: string): Promise<Record<string, unknown>[]> {
    const objects = await objectsUnder(uri);
    const rows = await Promise.all(
      objects.map(async (Key) => {
        const { Body } = await b.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        return parquetReadObjects({
          file: new Uint8Array((await Body?.transformToByteArray()) ?? []).buffer,
        });
      }),
    );
    return rows.flat();
  }
  /** Puts the newest row of each record into the online store again, as the walks tell to. */
  async function putAgain(rows: readonly Record<string, unknown>[]): Promise<void> {
    const newest = new Map<string, Record<string, unknown>>();
    for (const row of rows) {
      const known = newest.get(String(row["customer_id"]));
      if (!known || String(known["updated_at"]) < String(row["updated_at"]))
        newest.set(String(row["customer_id"]), row);
    }
    for (const { customer_id, updated_at, orders_90d, is_deleted } of newest.values())
      if (is_deleted !== true) await put(String(customer_id), String(orders_90d), String(updated_at));
  }
  /** IDs of the grants on the key. */
  const granted = async (KeyId: string) =>
    ((await a.kms.send(new ListGrantsCommand({ KeyId }))).Grants ?? []).map(({ GrantId = "" }) => GrantId);

  it("are none that will not do: preview and up end with what is wrong, and nothing is made", async () => {
    const { KeyMetadata } = await a.kms.send(
      new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }),
    );
    const before = bed.inventory();
    choose({ offline: KeyMetadata?.Arn });
    for (const command of ["preview", "up"]) {
      const { code, stderr } = await project.run(command);
      expect(code, stderr).to.equal(ExitCode.key);
      expect(stderr).to.contain("offlineStore.keys.offline").and.contain("symmetric encryption keys only");
    }
    expect(bed.inventory()).to.deep.equal(before);
    expect(before).to.deep.equal({ ...NOTHING, keys: 1 });
    choose({ online: "own", viaService: true });
  });

  it("make a store whose grant is listed", async () => {
    await project.json(ExitCode.ok, "up");
    await put("7", "3", "2026-01-31T12:00:00Z");
    await put("8", "1", "2026-01-31T12:00:00Z");
    expect(await offline(2)).to.have.length(2);
    const { stores } = await project.json<{ stores: StoreGrants[] }>(ExitCode.ok, "grants");
    const found = stores.flatMap(({ groups }) =>
      groups.map(({ name, state, grants }) => [name, state, grants]),
    );
    expect(found).to.deep.equal([[GROUP, "granted", await granted((await keysOf()).online)]]);
  });

  it("rotating a key: what was written before stays readable, and nothing is to be deployed", async () => {
    const { online, offline: under } = await keysOf();
    for (const KeyId of [online, under]) {
      const { KeyRotationEnabled } = await a.kms.send(new GetKeyRotationStatusCommand({ KeyId }));
      expect(KeyRotationEnabled).to.equal(true);
      await a.kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    }
    expect(await get("7")).to.include({ orders_90d: "3" });
    expect(await offline(2)).to.have.length(2);
    await put("7", "4", "2026-02-01T12:00:00Z");
    expect(await get("7")).to.include({ orders_90d: "4" });
    expect(await offline(3)).to.have.length(3);
    const { stages } = await project.json(ExitCode.ok, "preview");
    expect(stages.flatMap(({ changes }) => changes)).to.deep.equal([]);
  });

  it("an orphan among the grants is named, and revoked without further words", async () => {
    // On the offline store's key: on the online store's nobody makes a grant but through SageMaker (viaService).
    const { online, offline: KeyId } = await keysOf();
    const direct = { GranteePrincipal: `arn:aws:iam::${A}:role/deployer`, Operations: ["Decrypt" as const] };
    const refused = await refusal(a.kms.send(new CreateGrantCommand({ KeyId: online, ...direct })));
    expect(refused).to.include({ name: "AccessDeniedException" });
    const gone = `arn:aws:sagemaker:us-east-1:${A}:feature-group/gone`;
    const { GrantId = "" } = await a.kms.send(
      new CreateGrantCommand({
        KeyId,
        GranteePrincipal: "sagemaker.amazonaws.com",
        Operations: ["Decrypt"],
        Constraints: { EncryptionContextSubset: { "aws:sagemaker:featureGroupArn": gone } },
      }),
    );
    const { stdout } = await project.run("grants");
    expect(stdout).to.contain(`ORPHAN  ${GrantId}`).and.contain("there is no such feature group");
    const { code, stderr } = await project.run("grants", "--revoke", GrantId);
    expect(code, stderr).to.equal(ExitCode.ok);
    expect(await granted(KeyId)).to.deep.equal([]);
    expect(await granted(online)).to.have.length(1);
  });

  it("recovering from a revoked grant: the group is made again, and filled from its offline store", async () => {
    const [id = ""] = await granted((await keysOf()).online);
    const refused = await project.run("grants", "--revoke", id);
    expect(refused.code).to.equal(ExitCode.grantInUse);
    expect(refused.stderr).to.contain(GROUP).and.contain("GetRecord").and.contain("--break-store");
    expect(await get("7")).to.include({ orders_90d: "4" });
    const revoked = await project.run("grants", "--revoke", id, "--break-store");
    expect(revoked.code, revoked.stderr).to.equal(ExitCode.ok);
    expect(await refusal(get("7"))).to.include({ name: "AccessForbidden" });

    // The walk. 1: which online stores are broken.
    const broken = await project.run("grants");
    expect(broken.code).to.equal(ExitCode.drift);
    expect(broken.stdout).to.contain(`${GROUP}: BROKEN`);
    // 2: the offline store has everything; it is written down where.
    const uri = (await described()).OfflineStoreConfig?.S3StorageConfig?.ResolvedOutputS3Uri;
    const rows = await offline(3);
    // 3: the group goes, and is made again with a grant.
    await a.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: GROUP }));
    await whenGone(a, GROUP);
    await project.json(ExitCode.ok, "up", "--refresh");
    expect(await granted((await keysOf()).online)).to.have.length(1);
    // 4: the newest of each record is put again.
    await putAgain(rows);
    expect(await get("7")).to.include({ orders_90d: "4" });
    expect(await get("8")).to.include({ orders_90d: "1" });
    // What was written before is where it was.
    expect(await rowsUnder(uri)).to.have.length(3);
    expect(await offline(2)).to.have.length(2);
  });

  it("moving to another key: the groups are replaced by name, the old key is kept, and no row is lost", async () => {
    const before = await keysOf();
    const uri = (await described()).OfflineStoreConfig?.S3StorageConfig?.ResolvedOutputS3Uri;
    const rows = await offline(2);
    // 1: the new key.
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${A}:root` }, Action: "kms:*", Resource: "*" },
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${B}:root` },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
        },
      ],
    });
    const given = (await a.kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn ?? "";
    // 2: protection goes, and nothing else does.
    choose({ online: "own", viaService: true }, false);
    await project.json(ExitCode.ok, "up");
    // 3: the preview says what would be replaced, and up does not do it unasked.
    choose({ online: "own", viaService: true, offline: given, keepOwn: ["offline"] }, false);
    const preview = await project.run("preview");
    expect(preview.code, preview.stderr).to.equal(ExitCode.dataLoss);
    expect(preview.stderr).to.contain(`--allow-replace feature-groups-${GROUP}`);
    expect(await keysOf()).to.deep.equal(before);
    // 4: it is done by name, and protected again.
    await project.json(ExitCode.ok, "up", "--allow-replace", GROUP);
    choose({ online: "own", viaService: true, offline: given, keepOwn: ["offline"] });
    await project.json(ExitCode.ok, "up");
    expect(await keysOf()).to.deep.equal({ online: before.online, offline: given });
    // 5: the newest of each record is put again, and lies under the new key.
    await putAgain(rows);
    expect(await get("7")).to.include({ orders_90d: "4" });
    expect(await offline(2)).to.have.length(2);
    const [object] = await objectsUnder(
      (await described()).OfflineStoreConfig?.S3StorageConfig?.ResolvedOutputS3Uri,
    );
    const head = await b.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: object }));
    expect(head.SSEKMSKeyId).to.equal(given);
    // What was written under the old key is readable, as that is kept.
    expect(await rowsUnder(uri)).to.have.length(2);
    expect(await granted(before.online)).to.have.length(1);
  });
});
