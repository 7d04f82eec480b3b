/**
 * The deployed resources as they are in the accounts now, with manual changes: roles with all their policies, even those that no
 * stack attached, the policies of buckets and keys, and the state of keys.
 */
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, NotFoundException } from "@aws-sdk/client-kms";
import { GetBucketAclCommand, GetBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import type { DescribedResource } from "../../access/model";
import { AccountSessions, checkAccounts, type AccountClientConfig } from "../environment/accountSessions";
import type { Environment } from "../environment/project";
import { inSymbols } from "./deployed";
import { liveAttachment, liveInlinePolicy, liveRole } from "./liveRoles";
import type { Side } from "./sides";

type Read = (resource: DescribedResource, config: AccountClientConfig) => Promise<DescribedResource[]>;

/** Readers by type token. Managed policies are read with the roles that they are attached to. */
const READS: Readonly<Record<string, Read>> = {
  "aws:iam/role:Role": liveRole,
  "aws:iam/policy:Policy": () => Promise.resolve([]),
  "aws:kms/key:Key": liveKey,
  "aws:s3/bucket:Bucket": async (bucket, config) => [
    ...(await liveBucket(bucket, config)),
    ...(await liveBucketPolicy(bucket, config)),
  ],
};

/** Resources that are read with their role or bucket; `read` is for a role or bucket outside all stacks. */
const BELONGING: Readonly<Record<string, { readonly owner: "role" | "bucket"; readonly read: Read }>> = {
  "aws:iam/rolePolicy:RolePolicy": { owner: "role", read: liveInlinePolicy },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { owner: "role", read: liveAttachment },
  "aws:s3/bucketPolicy:BucketPolicy": { owner: "bucket", read: liveBucketPolicy },
};

/**
 * @param deployed in AWS's own names
 * @throws UserError (credentials)
 */
export async function liveSide(
  { settings }: Pick<Environment, "settings">,
  deployed: readonly DescribedResource[],
  signal?: AbortSignal,
): Promise<Side> {
  const sessions = new AccountSessions(settings);
  await checkAccounts(settings, sessions);
  const accounts = new Map(
    Object.entries(settings.accounts).map(([name, { id }]) => [id, sessions.account(name)]),
  );
  const made = new Set(deployed.flatMap(ownerNames));
  const read: DescribedResource[] = [];
  for (const each of deployed) {
    signal?.throwIfAborted();
    const config = accounts.get(each.account);
    // An account that was removed with its consumer cannot be entered: its resources come from the stacks.
    if (!config) read.push(each);
    else read.push(...(await readerOf(each, made)(each, config)));
  }
  return { name: "the accounts", settings, described: inSymbols(read) };
}

function readerOf(resource: DescribedResource, made: ReadonlySet<string>): Read {
  const belonging = BELONGING[resource.type];
  if (!belonging) return READS[resource.type] ?? ((as) => Promise.resolve([as]));
  const { owner, read } = belonging;
  const isMade = made.has(`${resource.account} ${owner} ${String(resource.outputs[owner])}`);
  return isMade ? () => Promise.resolve([]) : read;
}

function ownerNames({ type, account, outputs }: DescribedResource): string[] {
  if (type === "aws:iam/role:Role") return [`${account} role ${String(outputs["name"])}`];
  return type === "aws:s3/bucket:Bucket" ? [`${account} bucket ${String(outputs["bucket"])}`] : [];
}

async function liveKey(key: DescribedResource, config: AccountClientConfig): Promise<DescribedResource[]> {
  const client = new KMSClient({ ...config, region: key.region });
  const KeyId = String(key.outputs["arn"]);
  try {
    const { KeyMetadata: about } = await client.send(new DescribeKeyCommand({ KeyId }));
    const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
    const outputs = {
      ...key.outputs,
      policy: Policy,
      keyUsage: about?.KeyUsage,
      customerMasterKeySpec: about?.KeySpec,
      isEnabled: about?.Enabled,
    };
    return [{ ...key, outputs }];
  } catch (error) {
    if (error instanceof NotFoundException) return [];
    throw error;
  } finally {
    client.destroy();
  }
}

/** With its access control list's entries for others than its owner; none if ownership is enforced. */
async function liveBucket(
  bucket: DescribedResource,
  config: AccountClientConfig,
): Promise<DescribedResource[]> {
  const client = new S3Client({ ...config, region: bucket.region });
  try {
    const Bucket = String(bucket.outputs["bucket"]);
    const { Owner, Grants = [] } = await client.send(new GetBucketAclCommand({ Bucket }));
    const grants = Grants.filter(({ Grantee }) => Grantee?.ID === undefined || Grantee.ID !== Owner?.ID);
    return [{ ...bucket, outputs: { ...bucket.outputs, policy: undefined, acl: undefined, grants } }];
  } catch (error) {
    if ((error as Error).name === "NoSuchBucket") return [];
    throw error;
  } finally {
    client.destroy();
  }
}

async function liveBucketPolicy(
  bucket: DescribedResource,
  config: AccountClientConfig,
): Promise<DescribedResource[]> {
  const client = new S3Client({ ...config, region: bucket.region });
  const Bucket = String(bucket.outputs["bucket"]);
  try {
    const { Policy } = await client.send(new GetBucketPolicyCommand({ Bucket }));
    const outputs = { bucket: Bucket, policy: Policy };
    return [{ ...bucket, type: "aws:s3/bucketPolicy:BucketPolicy", name: `${bucket.name}/policy`, outputs }];
  } catch (error) {
    if (/^NoSuchBucket(Policy)?$/.test((error as Error).name)) return [];
    throw error;
  } finally {
    client.destroy();
  }
}
