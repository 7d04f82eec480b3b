/**
 * What the accounts themselves answer, so that what was changed by hand is seen: roles with all their policies, whoever
 * attached them, buckets' and keys' policies, and the state of keys. Which resources these are the stacks say.
 */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, NotFoundException } from "@aws-sdk/client-kms";
import { GetBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import type { DescribedResource } from "../../access/model";
import { managedDocument } from "../../access/managed";
import { AccountSessions, checkAccounts, type AccountClientConfig } from "../accountSessions";
import type { Environment } from "../project";
import { inSymbols } from "./deployed";
import type { Side } from "./sides";

/** Types whose documents are read anew; the deployed ones of these are left out. */
const READ_ANEW = new Set([
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/policy:Policy",
  "aws:s3/bucketPolicy:BucketPolicy",
]);

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
  const read: DescribedResource[] = [];
  for (const each of deployed) {
    signal?.throwIfAborted();
    const config = accounts.get(each.account);
    if (!config) continue;
    if (each.type === "aws:iam/role:Role") read.push(...(await liveRole(each, config)));
    else if (each.type === "aws:kms/key:Key") read.push(...(await liveKey(each, config)));
    else if (each.type === "aws:s3/bucket:Bucket") read.push(each, ...(await liveBucketPolicy(each, config)));
    else if (!READ_ANEW.has(each.type)) read.push(each);
  }
  return { name: "what the accounts have", settings, described: inSymbols(read) };
}

async function liveRole(role: DescribedResource, config: AccountClientConfig): Promise<DescribedResource[]> {
  const client = new IAMClient(config);
  const RoleName = String(role.outputs["name"]);
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    const part = (type: string, name: string, outputs: Record<string, unknown>): DescribedResource => ({
      ...role,
      type,
      name,
      id: name,
      outputs: { role: RoleName, ...outputs },
    });
    const policies: DescribedResource[] = [];
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName }))
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument = "" } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        const name = `${role.name}/${PolicyName}`;
        policies.push(
          part("aws:iam/rolePolicy:RolePolicy", name, { policy: decodeURIComponent(PolicyDocument) }),
        );
      }
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName }))
      for (const { PolicyArn = "", PolicyName = "" } of AttachedPolicies) {
        const name = `${role.name}/${PolicyName}`;
        policies.push(
          part("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, { policyArn: PolicyArn }),
        );
        if (!managedDocument(PolicyArn)) policies.push(await managedPolicy(client, part, PolicyArn, name));
      }
    const outputs = {
      ...role.outputs,
      uniqueId: Role?.RoleId,
      assumeRolePolicy: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
      permissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
    };
    return [{ ...role, outputs }, ...policies];
  } catch (error) {
    // A role that is gone has nothing, and nothing can be asked of it.
    if (error instanceof NoSuchEntityException) return [];
    throw error;
  } finally {
    client.destroy();
  }
}

async function managedPolicy(
  client: IAMClient,
  part: (type: string, name: string, outputs: Record<string, unknown>) => DescribedResource,
  PolicyArn: string,
  name: string,
): Promise<DescribedResource> {
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId ?? "v1";
  const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  const policy = decodeURIComponent(PolicyVersion?.Document ?? "");
  return part("aws:iam/policy:Policy", name, { arn: PolicyArn, policy });
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
