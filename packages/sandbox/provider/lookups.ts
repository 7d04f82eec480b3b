/** The functions of @pulumi/aws that look up existing resources, each with the one request that the real provider makes. */
import type { KeyMetadata, MultiRegionKey } from "@aws-sdk/client-kms";
import type { Clients } from "./clients";
import { worded } from "./operations";
import { hostedZoneOf, partitionOf } from "./regions";
import { describeRole } from "./resources/role";
import { must, rfc3339, type Properties } from "./values";

/** `aws.iam.getRole`. @throws Error if there is no such role, or the caller may not see it */
export async function getRole(clients: Clients, args: Properties): Promise<Properties> {
  const name = must(args, "name");
  const subject = `reading IAM Role (${name})`;
  const found = await describeRole(clients, name).catch((error: unknown) => {
    throw worded(subject, error);
  });
  if (!found) throw new Error(`${subject}: couldn't find resource`);
  // AWS shows the last use only for recently used roles, and the sandbox does not record it.
  return { ...found, id: name, roleLastUseds: [] };
}

/** `aws.s3.getBucket`. @throws Error if there is no such bucket, or the caller may not see it */
export async function getBucket(clients: Clients, args: Properties): Promise<Properties> {
  const bucket = must(args, "bucket");
  const region = await regionOf(clients, bucket);
  const { id: partition, dnsSuffix } = partitionOf(region);
  return {
    id: bucket,
    bucket,
    arn: `arn:${partition}:s3:::${bucket}`,
    region: clients.region,
    bucketRegion: region,
    bucketDomainName: `${bucket}.s3.${dnsSuffix}`,
    bucketRegionalDomainName: `${bucket}.s3.${region}.${dnsSuffix}`,
    hostedZoneId: hostedZoneOf(region) ?? "",
    websiteDomain: "",
    websiteEndpoint: "",
  };
}

/** The answer to a HEAD request has no body: only status and headers give the reason. */
async function regionOf(clients: Clients, bucket: string): Promise<string> {
  const client = await clients.s3();
  try {
    const { BucketRegion } = await client.headBucket({ Bucket: bucket });
    return BucketRegion ?? clients.region;
  } catch (error) {
    const subject = `reading S3 Bucket (${bucket})`;
    const { $metadata, $response } = error as {
      $metadata?: { httpStatusCode?: number };
      $response?: { headers?: Record<string, string> };
    };
    const status = $metadata?.httpStatusCode;
    if (status === 404) throw new Error(`${subject}: couldn't find resource`);
    if (status === 403)
      throw new Error(`${subject}: 403 Forbidden: s3:ListBucket on the bucket is not allowed`);
    // The real provider refuses this too, although the answer's header has the bucket's region.
    if (status === 301 || status === 400) {
      const told = $response?.headers?.["x-amz-bucket-region"] ?? "its own";
      throw new Error(
        `${subject}: ${status}: the bucket is not in ${clients.region}: give the argument region: ${told}`,
      );
    }
    throw worded(subject, error);
  }
}

/** `aws.kms.getKey`, by ID, ARN, alias or alias ARN. @throws Error if there is no such key, or the caller may not see it */
export async function getKey(clients: Clients, args: Properties): Promise<Properties> {
  const client = await clients.kms();
  const [keyId, grantTokens] = [must(args, "keyId"), args["grantTokens"]];
  const subject = `reading KMS Key (${keyId})`;
  const GrantTokens = Array.isArray(grantTokens) ? grantTokens.map(String) : undefined;
  const { KeyMetadata } = await client.describeKey({ KeyId: keyId, GrantTokens }).catch((error: unknown) => {
    throw worded(subject, error);
  });
  if (!KeyMetadata) throw new Error(`${subject}: couldn't find resource`);
  return { ...shown(KeyMetadata), keyId, grantTokens, region: clients.region };
}

function shown(key: KeyMetadata): Properties {
  const regions = key.MultiRegionConfiguration;
  return {
    id: key.KeyId,
    arn: key.Arn,
    awsAccountId: key.AWSAccountId,
    cloudHsmClusterId: key.CloudHsmClusterId ?? "",
    creationDate: rfc3339(key.CreationDate),
    customKeyStoreId: key.CustomKeyStoreId ?? "",
    customerMasterKeySpec: key.CustomerMasterKeySpec ?? "",
    deletionDate: rfc3339(key.DeletionDate),
    description: key.Description ?? "",
    enabled: key.Enabled ?? false,
    expirationModel: key.ExpirationModel ?? "",
    keyManager: key.KeyManager ?? "",
    keySpec: key.KeySpec ?? "",
    keyState: key.KeyState ?? "",
    keyUsage: key.KeyUsage ?? "",
    multiRegion: key.MultiRegion ?? false,
    multiRegionConfigurations: regions
      ? [
          {
            multiRegionKeyType: regions.MultiRegionKeyType,
            primaryKeys: [placed(regions.PrimaryKey)],
            replicaKeys: (regions.ReplicaKeys ?? []).map(placed),
          },
        ]
      : [],
    origin: key.Origin ?? "",
    pendingDeletionWindowInDays: key.PendingDeletionWindowInDays ?? 0,
    validTo: rfc3339(key.ValidTo),
    xksKeyConfigurations: key.XksKeyConfiguration ? [{ id: key.XksKeyConfiguration.Id }] : [],
  };
}

const placed = (key: MultiRegionKey = {}) => ({ arn: key.Arn, region: key.Region });
