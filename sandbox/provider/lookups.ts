/** The functions of @pulumi/aws that look up what exists already. */
import type { Clients } from "./clients";
import { hostedZoneOf, partitionOf } from "./regions";
import { role } from "./resources/role";
import { must, type Properties } from "./values";

/** `aws.iam.getRole`. @throws Error if there is no such role */
export async function getRole(clients: Clients, args: Properties): Promise<Properties> {
  const name = must(args, "name");
  const found = await role.observe(clients, name, {});
  if (!found) throw new Error(`reading IAM Role (${name}): couldn't find resource`);
  const { arn, assumeRolePolicy, createDate, description, maxSessionDuration, path, permissionsBoundary } =
    found;
  return {
    id: name,
    name,
    arn,
    assumeRolePolicy,
    createDate,
    description,
    maxSessionDuration,
    path,
    permissionsBoundary,
    // AWS tells it of roles only that were used lately, and the sandbox keeps no such record.
    roleLastUseds: [],
    tags: found["tagsAll"] ?? {},
    uniqueId: found["uniqueId"],
  };
}

/** `aws.s3.getBucket`. @throws Error if there is no such bucket, or it is not to be seen */
export async function getBucket(clients: Clients, args: Properties): Promise<Properties> {
  const { HeadBucketCommand } = await import("@aws-sdk/client-s3");
  const client = await clients.s3();
  const bucket = must(args, "bucket");
  let region: string;
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket: bucket }));
    region = BucketRegion ?? clients.region;
  } catch (error) {
    // A bucket of another region answers a client of this one with where it is.
    const response = (error as { $response?: { headers?: Record<string, string> } }).$response;
    const told = response?.headers?.["x-amz-bucket-region"];
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== 301 || !told)
      throw new Error(`reading S3 Bucket (${bucket}): ${(error as Error).name}`);
    region = told;
  }
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
