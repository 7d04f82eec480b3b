/** The offline-store topology as the tests need it: account A's writer role, key and feature groups, account B's bucket. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import {
  CreateFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  type CreateFeatureGroupCommandInput,
} from "@aws-sdk/client-sagemaker";
import { PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import {
  A,
  allow,
  B,
  document,
  groupOf,
  recordOf,
  region,
  serviceRole,
  until,
  whenNot,
} from "./featureGroups";
import { clients, type Clients } from "./support";

export const bucket = "account-b-sagemaker-offline";
const onObjects = ["s3:PutObject", "s3:PutObjectAcl"];

export class OfflineTopology {
  readonly directory = mkdtempSync(join(tmpdir(), "featurestore-"));
  sandbox!: Sandbox;
  a!: Clients;
  b!: Clients;
  role!: string;
  key!: string;

  async start(): Promise<void> {
    this.sandbox = await startSandbox({ state: this.directory });
    const [keysA, keysB] = this.sandbox.accounts;
    if (!keysA || !keysB) throw new Error("two accounts were expected");
    this.a = clients(this.sandbox.endpoint, keysA);
    this.b = clients(this.sandbox.endpoint, keysB);
  }

  /** Role, key, bucket, in the order of their needs. */
  async build(): Promise<void> {
    await this.start();
    const { a, b } = this;
    this.role = await serviceRole(a, "writer", []);
    this.key = (await a.kms.send(new CreateKeyCommand({ Policy: this.keyPolicy() }))).KeyMetadata?.Arn ?? "";
    await this.allowRole();
    await b.s3.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    await this.openBucket(this.role);
  }

  async end(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.directory, { recursive: true });
  }

  /** What the writer's role may do: writing objects, reading the bucket's ACL, making data keys. */
  roleStatements(): object[] {
    return [
      allow(onObjects, `arn:aws:s3:::${bucket}/*`),
      allow("s3:GetBucketAcl", `arn:aws:s3:::${bucket}`),
      allow("kms:GenerateDataKey", this.key),
    ];
  }

  allowRole() {
    const PolicyDocument = document(...this.roleStatements());
    return this.a.iam.send(new PutRolePolicyCommand({ RoleName: "writer", PolicyName: "p", PolicyDocument }));
  }

  openBucket(...roles: string[]) {
    const Policy = document({
      Sid: "S3CrossAccountBucketAccess",
      Principal: { AWS: roles },
      ...allow(["s3:GetBucketAcl", ...onObjects], [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]),
    });
    return this.b.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  }

  keyPolicy(...more: object[]): string {
    return document(
      { Principal: { AWS: `arn:aws:iam::${A}:root` }, ...allow("kms:*") },
      {
        Principal: { AWS: [this.role, `arn:aws:iam::${B}:root`] },
        ...allow(["kms:GenerateDataKey", "kms:Decrypt"]),
      },
      ...more,
    );
  }

  /** A group with both stores; the offline one in B's bucket, under A's key. */
  offline(name: string, more: object = {}, storage: object = {}): CreateFeatureGroupCommandInput {
    return groupOf(name, {
      RoleArn: this.role,
      OfflineStoreConfig: {
        S3StorageConfig: { S3Uri: `s3://${bucket}/features`, KmsKeyId: this.key, ...storage },
      },
      ...more,
    });
  }

  async create(name: string): Promise<void> {
    await this.a.sagemaker.send(new CreateFeatureGroupCommand(this.offline(name)));
    await whenNot("Creating", this.a, name);
  }

  describeGroup(name: string) {
    return this.a.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
  }

  put(values: Record<string, string>, group: string) {
    return this.a.featureStore.send(
      new PutRecordCommand({ FeatureGroupName: group, Record: recordOf(values) }),
    );
  }

  /** B's view: the keys of the offline objects that contain `part`. */
  async keysUnder(part: string): Promise<string[]> {
    const { Contents } = await this.b.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: "features/" }),
    );
    return Contents?.flatMap(({ Key }) => (Key?.includes(part) ? [Key] : [])) ?? [];
  }

  /** The first such key, once it is there. */
  written(part: string): Promise<string> {
    return until(async () => (await this.keysUnder(part))[0]);
  }

  async rowsOf(by: Clients, Key: string): Promise<Record<string, unknown>[]> {
    const { parquetReadObjects } = await import("hyparquet");
    const { Body } = await by.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = await Body?.transformToByteArray();
    return parquetReadObjects({ file: new Uint8Array(bytes ?? []).buffer });
  }
}
