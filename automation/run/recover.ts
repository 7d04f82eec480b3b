/**
 * What a killed run made but did not write down. The engine records that a creation began; whether it took place only
 * AWS can tell. What is there is found by its name, or by its tags where AWS chooses the name, so that the stack can
 * adopt it: nothing is orphaned, and nothing is made twice.
 */
import { AthenaClient, GetWorkGroupCommand, InvalidRequestException } from "@aws-sdk/client-athena";
import { CloudTrailClient, GetTrailCommand, TrailNotFoundException } from "@aws-sdk/client-cloudtrail";
import { IAMClient, GetRoleCommand, NoSuchEntityException, paginateListPolicies } from "@aws-sdk/client-iam";
import {
  KMSClient,
  ListResourceTagsCommand,
  DescribeKeyCommand,
  paginateListAliases,
  paginateListKeys,
} from "@aws-sdk/client-kms";
import { S3Client, HeadBucketCommand } from "@aws-sdk/client-s3";
import { SageMakerClient, DescribeFeatureGroupCommand, ResourceNotFound } from "@aws-sdk/client-sagemaker";
import type { AccountClientConfig } from "../environment/accountSessions";
import { namedCreation, type NamedCreation } from "./pendingNames";
import type { DeployedStack, PendingCreation } from "../model/stackPort";

export interface Found extends NamedCreation {
  readonly urn: string;
}

type Finder = (
  pending: PendingCreation,
  config: AccountClientConfig,
  deployed: DeployedStack,
) => Promise<string | undefined>;

/**
 * Types whose creation fails or doubles if it is done again; those whose IDs follow from their names: pendingNames.ts. All others
 * of this project are puts under the name of something else (a bucket's configuration, an attachment, a subscription): doing them
 * again is harmless.
 */
const FINDERS: Readonly<Record<string, Finder>> = {
  "aws:iam/role:Role": findRole,
  "aws:iam/policy:Policy": findPolicy,
  "aws:s3/bucket:Bucket": findBucket,
  "aws:kms/key:Key": findKey,
  "aws:kms/alias:Alias": findAlias,
  "aws:sagemaker/featureGroup:FeatureGroup": findFeatureGroup,
  "aws:athena/workgroup:Workgroup": findWorkgroup,
  "aws:cloudtrail/trail:Trail": findTrail,
};

/** Which of the stack's pending creations took place, by AWS ID. Reads only. */
export async function findPending(deployed: DeployedStack, config: AccountClientConfig): Promise<Found[]> {
  const found: Found[] = [];
  for (const pending of deployed.pending) {
    const { urn, type } = pending;
    const id = await FINDERS[type]?.(pending, config, deployed);
    const creation = id === undefined ? await namedCreation(pending, config, deployed) : { id };
    if (creation) found.push({ urn, ...creation });
  }
  return found;
}

async function findRole(
  { inputs }: PendingCreation,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const name = text(inputs["name"]);
  if (name === undefined) return undefined;
  const client = new IAMClient(config);
  return exists(
    name,
    () => client.send(new GetRoleCommand({ RoleName: name })),
    (error) => error instanceof NoSuchEntityException,
  );
}

async function findPolicy(
  { inputs }: PendingCreation,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const name = text(inputs["name"]);
  for await (const page of paginateListPolicies({ client: new IAMClient(config) }, { Scope: "Local" }))
    for (const { PolicyName, Arn } of page.Policies ?? []) if (PolicyName === name) return Arn;
  return undefined;
}

async function findWorkgroup(
  { inputs }: PendingCreation,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const name = text(inputs["name"]);
  if (name === undefined) return undefined;
  const client = new AthenaClient(config);
  return exists(
    name,
    () => client.send(new GetWorkGroupCommand({ WorkGroup: name })),
    // Athena has no error of its own for a workgroup that is not there.
    (error) => error instanceof InvalidRequestException && /not found/i.test(error.message),
  );
}

async function findTrail(
  { inputs }: PendingCreation,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const name = text(inputs["name"]);
  if (name === undefined) return undefined;
  try {
    const { Trail } = await new CloudTrailClient(config).send(new GetTrailCommand({ Name: name }));
    return Trail?.TrailARN;
  } catch (error) {
    if (error instanceof TrailNotFoundException) return undefined;
    throw error;
  }
}

async function findBucket(
  { inputs }: PendingCreation,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const name = text(inputs["bucket"]);
  if (name === undefined) return undefined;
  // A consumer's results bucket is in the store's region, not in the account's.
  const client = new S3Client({ ...config, followRegionRedirects: true });
  // A bucket of that name in somebody else's account (403) is not ours to adopt: the creation will say so.
  return exists(
    name,
    () => client.send(new HeadBucketCommand({ Bucket: name })),
    (error) =>
      [403, 404].includes(
        (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0,
      ),
  );
}

async function findAlias(
  { inputs }: PendingCreation,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const name = text(inputs["name"]);
  for await (const page of paginateListAliases({ client: new KMSClient(config) }, {}))
    if (page.Aliases?.some(({ AliasName }) => AliasName === name)) return name;
  return undefined;
}

async function findFeatureGroup(
  { inputs }: PendingCreation,
  config: AccountClientConfig,
): Promise<string | undefined> {
  const name = text(inputs["featureGroupName"]);
  if (name === undefined) return undefined;
  const client = new SageMakerClient(config);
  return exists(
    name,
    () => client.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name })),
    (error) => error instanceof ResourceNotFound,
  );
}

/** A key has no name of its own: the tags that its component gives it (unique to stage and resource) tell it. */
async function findKey(
  pending: PendingCreation,
  config: AccountClientConfig,
  deployed: DeployedStack,
): Promise<string | undefined> {
  const wanted = Object.entries((pending.inputs["tags"] ?? {}) as Record<string, string>);
  if (wanted.length === 0) return undefined;
  const client = new KMSClient(config);
  const known = new Set(deployed.resources.filter(({ type }) => type === pending.type).map(({ id }) => id));
  for await (const page of paginateListKeys({ client }, {}))
    for (const { KeyId } of page.Keys ?? []) {
      if (KeyId === undefined || known.has(KeyId)) continue;
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      if (KeyMetadata?.KeyManager !== "CUSTOMER" || KeyMetadata.KeyState === "PendingDeletion") continue;
      const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
      const tags = new Map(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
      if (wanted.every(([key, value]) => tags.get(key) === value)) return KeyId;
    }
  return undefined;
}

async function exists(
  id: string,
  read: () => Promise<unknown>,
  isAbsent: (error: unknown) => boolean,
): Promise<string | undefined> {
  try {
    await read();
    return id;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
