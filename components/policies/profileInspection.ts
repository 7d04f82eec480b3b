/** An auditor's permissions: to see the configuration of groups, keys, role, bucket and tables, but no record, object or plaintext key. */
import { allow, type Statement } from "./document";
import type { ProfileFacts } from "./profileFacts";
import { onGroups, onTables } from "./profileStatements";

const GROUPS = ["sagemaker:DescribeFeatureGroup", "sagemaker:DescribeFeatureMetadata", "sagemaker:ListTags"];

const KEYS = [
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListResourceTags",
];

const ROLE = ["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"];

const BUCKET = [
  "s3:GetBucketLocation",
  "s3:GetBucketPolicy",
  "s3:GetBucketAcl",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetBucketOwnershipControls",
  "s3:GetBucketVersioning",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetBucketTagging",
];

/** Lists and events are of the whole account: AWS has no narrower permission for them. */
export function inspection(facts: ProfileFacts): Statement[] {
  const { account, groupAccount, bucketAccount } = facts;
  return [
    ...(account === groupAccount ? groupSide(facts) : []),
    ...(account === bucketAccount ? [allow("InspectBucket", BUCKET, facts.bucketArn)] : []),
    allow("ReadEvents", "cloudtrail:LookupEvents", "*"),
  ];
}

function groupSide(facts: ProfileFacts): Statement[] {
  const keys = [...new Set([facts.onlineKeyArn, facts.offlineKeyArn])].filter((key) => key !== undefined);
  return [
    ...onGroups(facts, "InspectGroups", GROUPS),
    allow("ListGroups", "sagemaker:ListFeatureGroups", "*"),
    ...(keys.length === 0 ? [] : [allow("InspectKeys", KEYS, keys)]),
    allow("InspectStoreRole", ROLE, facts.storeRoleArn),
    ...onTables(facts, "InspectTables", ["glue:GetDatabase", "glue:GetTable"]),
  ];
}
