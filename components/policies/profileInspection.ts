/** What an auditor sees: groups, keys, role, bucket and tables as they are set up, and no record, object or plain key. */
import type { Statement } from "./document";
import { knownParts } from "./groupScope";
import type { ProfileFacts } from "./profiles";
import { onGroups } from "./profileStatements";

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
    ...(account === bucketAccount
      ? [{ Sid: "InspectBucket", Effect: "Allow", Action: BUCKET, Resource: facts.bucketArn } as const]
      : []),
    { Sid: "ReadEvents", Effect: "Allow", Action: "cloudtrail:LookupEvents", Resource: "*" },
  ];
}

function groupSide(facts: ProfileFacts): Statement[] {
  const keys = [...new Set([facts.onlineKeyArn, facts.offlineKeyArn])].filter((key) => key !== undefined);
  return [
    ...onGroups(facts, "InspectGroups", GROUPS),
    { Sid: "ListGroups", Effect: "Allow", Action: "sagemaker:ListFeatureGroups", Resource: "*" },
    ...(keys.length === 0
      ? []
      : [{ Sid: "InspectKeys", Effect: "Allow", Action: KEYS, Resource: keys } as const]),
    { Sid: "InspectStoreRole", Effect: "Allow", Action: ROLE, Resource: facts.storeRoleArn },
    ...tables(facts),
  ];
}

function tables(facts: ProfileFacts): Statement[] {
  const { partition, region, groupAccount } = facts;
  const glue = `arn:${partition}:glue:${region}:${groupAccount}`;
  const parts = knownParts(facts.scope, facts.groups);
  return parts.flatMap(({ groups, condition }, index): Statement[] => {
    const found = groups.flatMap(({ table }) => (table ? [table] : []));
    if (found.length === 0) return [];
    return [
      {
        Sid: `InspectTables${parts.length === 1 ? "" : String(index + 1)}`,
        Effect: "Allow",
        Action: ["glue:GetDatabase", "glue:GetTable"],
        Resource: [
          `${glue}:catalog`,
          ...new Set(found.map(({ database }) => `${glue}:database/${database}`)),
          ...found.map(({ database, name }) => `${glue}:table/${database}/${name}`),
        ],
        ...(condition ? { Condition: condition } : {}),
      },
    ];
  });
}
