/**
 * The creations that a killed run began and did not record. The engine notes that a creation begins; only AWS can tell whether
 * it took place. The finders look for the resource by its name, or by its tags where AWS chooses the name, so that the stack
 * can adopt it: nothing is orphaned, and nothing is made twice.
 */
import { AthenaClient, GetWorkGroupCommand, InvalidRequestException } from "@aws-sdk/client-athena";
import { CloudTrailClient, GetTrailCommand, TrailNotFoundException } from "@aws-sdk/client-cloudtrail";
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListPolicies,
} from "@aws-sdk/client-iam";
import {
  DescribeKeyCommand,
  KMSClient,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListKeys,
} from "@aws-sdk/client-kms";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeFeatureGroupCommand, ResourceNotFound, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AccountClientConfig } from "../environment/accountSessions";
import type { DeployedStack, PendingCreation } from "../model/stackPort";

export interface Found {
  readonly urn: string;
  /** AWS ID. */
  readonly id: string;
  /** True: AWS was not asked. The refresh after the adoption drops what is not there. */
  readonly unseen?: true;
}

interface Asking {
  readonly pending: PendingCreation;
  readonly config: AccountClientConfig;
  readonly deployed: Pick<DeployedStack, "regions" | "resources">;
}

interface Finder {
  /** Inputs of the creation; one that lacks any is not looked for. */
  readonly inputs: readonly string[];
  /** The AWS ID of the resource, if it is there. */
  find(asking: Asking, ...inputs: readonly string[]): string | undefined | Promise<string | undefined>;
  readonly unseen?: true;
}

/**
 * By type, those whose creation fails or doubles if it is done again. For those with `unseen` the engine makes up names, others in
 * each run: done again, the creation would leave a second rule, target, topic or alarm, which no stack knows. All other types
 * of this project are puts under the name of something else (a bucket's configuration, an attachment, a subscription), which can
 * be done again.
 */
const FINDERS: Readonly<Record<string, Finder>> = {
  "aws:iam/role:Role": {
    inputs: ["name"],
    find: ({ config }, RoleName: string) =>
      idIf(RoleName, new IAMClient(config).send(new GetRoleCommand({ RoleName })), isMissingFromIam),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    inputs: ["role", "name"],
    find: ({ config }, RoleName: string, PolicyName: string) =>
      idIf(
        `${RoleName}:${PolicyName}`,
        new IAMClient(config).send(new GetRolePolicyCommand({ RoleName, PolicyName })),
        isMissingFromIam,
      ),
  },
  "aws:iam/policy:Policy": {
    inputs: ["name"],
    async find({ config }, name: string) {
      for await (const page of paginateListPolicies({ client: new IAMClient(config) }, { Scope: "Local" }))
        for (const { PolicyName, Arn } of page.Policies ?? []) if (PolicyName === name) return Arn;
      return undefined;
    },
  },
  "aws:s3/bucket:Bucket": {
    inputs: ["bucket"],
    // A consumer's results bucket is in the store's region, not in the account's. A bucket of that name in another account (403)
    // is not this stack's to adopt: the creation will tell.
    find: ({ config }, Bucket: string) =>
      idIf(
        Bucket,
        new S3Client({ ...config, followRegionRedirects: true }).send(new HeadBucketCommand({ Bucket })),
        (error) =>
          [403, 404].includes(
            (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0,
          ),
      ),
  },
  "aws:kms/key:Key": { inputs: [], find: findKey },
  "aws:kms/alias:Alias": {
    inputs: ["name"],
    async find({ config }, name: string) {
      for await (const page of paginateListAliases({ client: new KMSClient(config) }, {}))
        if (page.Aliases?.some(({ AliasName }) => AliasName === name)) return name;
      return undefined;
    },
  },
  "aws:sagemaker/featureGroup:FeatureGroup": {
    inputs: ["featureGroupName"],
    find: ({ config }, FeatureGroupName: string) =>
      idIf(
        FeatureGroupName,
        new SageMakerClient(config).send(new DescribeFeatureGroupCommand({ FeatureGroupName })),
        (error) => error instanceof ResourceNotFound,
      ),
  },
  "aws:athena/workgroup:Workgroup": {
    inputs: ["name"],
    find: ({ config }, WorkGroup: string) =>
      idIf(
        WorkGroup,
        new AthenaClient(config).send(new GetWorkGroupCommand({ WorkGroup })),
        // Athena has no error of its own for a workgroup that is not there.
        (error) => error instanceof InvalidRequestException && /not found/i.test(error.message),
      ),
  },
  "aws:cloudtrail/trail:Trail": {
    inputs: ["name"],
    async find({ config }, Name: string) {
      try {
        const { Trail } = await new CloudTrailClient(config).send(new GetTrailCommand({ Name }));
        return Trail?.TrailARN;
      } catch (error) {
        if (error instanceof TrailNotFoundException) return undefined;
        throw error;
      }
    },
  },
  "aws:cloudwatch/eventRule:EventRule": { inputs: ["name"], find: (_, name: string) => name, unseen: true },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    inputs: ["name"],
    find: (_, name: string) => name,
    unseen: true,
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    inputs: ["rule", "targetId"],
    find: (_, rule: string, target: string) => `${rule}-${target}`,
    unseen: true,
  },
  "aws:sns/topic:Topic": { inputs: ["name"], find: topicArn, unseen: true },
};

/** The stack's pending creations that took place. Reads only. */
export async function findPending(deployed: DeployedStack, config: AccountClientConfig): Promise<Found[]> {
  const found: Found[] = [];
  for (const pending of deployed.pending) found.push(...(await foundCreation({ pending, config, deployed })));
  return found;
}

/** @returns one creation, or none */
export async function foundCreation(asking: Asking): Promise<Found[]> {
  const { urn, type, inputs } = asking.pending;
  const finder = FINDERS[type];
  const values = finder?.inputs.map((name) => inputs[name]) ?? [];
  if (!finder || !values.every((value) => typeof value === "string" && value !== "")) return [];
  const id = await finder.find(asking, ...(values as string[]));
  return id === undefined ? [] : [{ urn, id, ...(finder.unseen ? { unseen: true } : {}) }];
}

/** A key has no name of its own: it is found by the tags of its component, which are unique to stage and resource. */
async function findKey({ pending, config, deployed }: Asking): Promise<string | undefined> {
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

/** In the region of the provider: events of IAM are watched in a region of their own. */
async function topicArn({ pending, config, deployed }: Asking, name: string): Promise<string> {
  const { provider = "" } = pending;
  const region = deployed.regions?.[provider.slice(0, provider.lastIndexOf("::"))] ?? config.region;
  const { Arn = "", Account = "" } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  const [, partition = "aws"] = Arn.split(":");
  return `arn:${partition}:sns:${region}:${Account}:${name}`;
}

const isMissingFromIam = (error: unknown) => error instanceof NoSuchEntityException;

/** @returns the ID if the read succeeds, undefined if it fails because the resource is missing */
async function idIf(
  id: string,
  read: Promise<unknown>,
  isMissing: (error: unknown) => boolean,
): Promise<string | undefined> {
  try {
    await read;
    return id;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
