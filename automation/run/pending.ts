/**
 * The creations that a killed run began and did not record. The engine records the start of a creation; only AWS knows whether
 * it succeeded. The finders look for the resource by its name, or by its tags where AWS chooses the name. The stack adopts it, so
 * that no resource is orphaned or created twice.
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
  /** True: not looked up in AWS. The refresh after the adoption drops resources that do not exist. */
  readonly unseen?: true;
}

interface Asking {
  readonly pending: PendingCreation;
  readonly config: AccountClientConfig;
  readonly deployed: Pick<DeployedStack, "regions" | "resources">;
}

interface Finder {
  /** Inputs that `find` takes; a creation that lacks any of them is not looked up. */
  readonly inputs: readonly string[];
  /** The AWS ID of the resource, if it exists. */
  find(asking: Asking, ...inputs: readonly string[]): string | undefined | Promise<string | undefined>;
  readonly unseen?: true;
}

/**
 * By type: the resources whose creation fails or makes a duplicate when repeated. For those with `unseen` the engine makes up a new
 * name in each run: a repeated creation would leave a second rule, target, topic or alarm that no stack has. All other types of
 * this project are puts under another resource's name (a bucket's configuration, an attachment, a subscription), which can be
 * repeated.
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
    // A consumer's results bucket is in the store's region, not in the account's. The stack must not adopt a bucket of that name
    // in another account (403): its creation will fail and say so.
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
        // Athena has no specific error for a missing workgroup.
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

/** The stack's pending creations that succeeded. Reads only. */
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

/** A key has no name: its component's tags identify it, which are unique to stage and resource. */
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

/** In the provider's region, as IAM's events are watched in a region of their own. */
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
