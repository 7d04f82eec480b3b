/** A program with every resource type of the provider, in two accounts; `settings` changes it between runs. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountProvider } from "./support";

export interface Settings {
  description: string;
  trust: readonly string[];
  actions: readonly string[];
  features: readonly string[];
  ttl: number;
  days: number;
  tags: Record<string, string>;
  forceDestroy: boolean;
  sse: "AES256" | "aws:kms";
  alias: string;
}

export const initial: Settings = {
  description: "first",
  trust: ["sagemaker.amazonaws.com"],
  actions: ["s3:PutObject", "s3:GetBucketAcl"],
  features: ["id", "at"],
  ttl: 7,
  days: 30,
  tags: { env: "test" },
  forceDestroy: true,
  sse: "aws:kms",
  alias: "alias/provider-test",
};

const A = "111111111111";
const B = "222222222222";

export function topology(settings: () => Settings) {
  // eslint-disable-next-line @typescript-eslint/require-await
  return async () => {
    const now = settings();
    const inA = { provider: accountProvider("a", A) };
    const inB = { provider: accountProvider("b", B) };

    const role = new aws.iam.Role(
      "writer",
      {
        description: now.description,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: now.trust } }],
        }),
        tags: now.tags,
      },
      inA,
    );
    const managed = new aws.iam.Policy(
      "managed",
      { policy: document([...now.actions], "*"), tags: now.tags },
      inA,
    );
    const attached = new aws.iam.RolePolicyAttachment(
      "attached",
      { role: role.name, policyArn: managed.arn },
      inA,
    );
    const key = new aws.kms.Key(
      "key",
      {
        description: now.description,
        deletionWindowInDays: 7,
        enableKeyRotation: true,
        tags: now.tags,
        policy: role.arn.apply((arn) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${A}:root` },
                Action: "kms:*",
                Resource: "*",
              },
              {
                Effect: "Allow",
                Principal: { AWS: [arn, `arn:aws:iam::${B}:root`] },
                Action: ["kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"],
                Resource: "*",
              },
            ],
          }),
        ),
      },
      inA,
    );
    const alias = new aws.kms.Alias("alias", { name: now.alias, targetKeyId: key.keyId }, inA);

    const bucket = new aws.s3.Bucket(
      "offline",
      { bucket: "provider-test-sagemaker", forceDestroy: now.forceDestroy, tags: now.tags },
      inB,
    );
    const block = new aws.s3.BucketPublicAccessBlock(
      "block",
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      inB,
    );
    new aws.s3.BucketOwnershipControls(
      "ownership",
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      inB,
    );
    new aws.s3.BucketVersioning(
      "versioning",
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      inB,
    );
    new aws.s3.BucketLifecycleConfiguration(
      "lifecycle",
      {
        bucket: bucket.id,
        rules: [
          {
            id: "old",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: now.days },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      inB,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      "encryption",
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault:
              now.sse === "aws:kms"
                ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }
                : { sseAlgorithm: now.sse },
            bucketKeyEnabled: true,
          },
        ],
      },
      inB,
    );
    const bucketPolicy = new aws.s3.BucketPolicy(
      "bucket-policy",
      {
        bucket: bucket.id,
        policy: pulumi.all([bucket.arn, role.arn]).apply(([bucketArn, roleArn]) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "Writers",
                Effect: "Allow",
                Principal: { AWS: [roleArn] },
                Action: ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl"],
                Resource: [bucketArn, `${bucketArn}/*`],
              },
            ],
          }),
        ),
      },
      { ...inB, dependsOn: [block] },
    );
    const access = new aws.iam.RolePolicy(
      "access",
      {
        role: role.name,
        policy: pulumi.all([bucket.arn, key.arn]).apply(([bucketArn, keyArn]) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl"],
                Resource: [bucketArn, `${bucketArn}/*`],
              },
              { Effect: "Allow", Action: "kms:GenerateDataKey", Resource: keyArn },
            ],
          }),
        ),
      },
      inA,
    );
    const group = new aws.sagemaker.FeatureGroup(
      "group",
      {
        featureGroupName: "customers",
        recordIdentifierFeatureName: "id",
        eventTimeFeatureName: "at",
        featureDefinitions: now.features.map((featureName) => ({ featureName, featureType: "String" })),
        roleArn: role.arn,
        onlineStoreConfig: { enableOnlineStore: true, ttlDuration: { unit: "Days", value: now.ttl } },
        offlineStoreConfig: {
          s3StorageConfig: { s3Uri: pulumi.interpolate`s3://${bucket.id}/features`, kmsKeyId: key.arn },
        },
        tags: now.tags,
      },
      { ...inA, dependsOn: [access, attached, bucketPolicy] },
    );
    const identity = aws.getCallerIdentityOutput({}, inB);
    const region = aws.getRegionOutput({}, inB);
    return {
      roleName: role.name,
      roleArn: role.arn,
      roleId: role.id,
      uniqueId: role.uniqueId,
      roleTags: role.tagsAll,
      accessId: access.id,
      attachedId: attached.id,
      policyArn: managed.id,
      keyId: key.id,
      keyArn: key.arn,
      aliasId: alias.id,
      aliasTarget: alias.targetKeyArn,
      bucket: pulumi
        .output(bucket)
        .apply(({ id, arn, bucketRegionalDomainName, hostedZoneId, region: r }) => ({
          id,
          arn,
          bucketRegionalDomainName,
          hostedZoneId,
          region: r,
        })),
      group: {
        id: group.id,
        arn: group.arn,
        offline: group.offlineStoreConfig,
        throughput: group.throughputConfig,
      },
      account: identity.accountId,
      region: region.region,
    };
  };
}

function document(actions: string[], resource: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: resource }],
  });
}
