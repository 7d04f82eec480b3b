/**
 * What an administrator manages: groups are made, changed, tagged and deleted; nothing is read or written in them. Who is
 * bound to tags cannot change those that bind: neither take a group away from others nor make one its own.
 */
import type { Statement } from "./document";
import { decidingKeys, knownParts, newGroupsInScope } from "./groupScope";
import type { ProfileFacts } from "./profiles";
import { ONLINE_KEY_USE } from "./onlineStoreKey";
import { anyGroup, onGroups, scoped, viaService } from "./profileStatements";

const CHANGES = [
  "sagemaker:UpdateFeatureGroup",
  "sagemaker:UpdateFeatureMetadata",
  "sagemaker:DeleteFeatureGroup",
];

export function administration(facts: ProfileFacts): Statement[] {
  const { account, groupAccount, storeRoleArn } = facts;
  if (account !== groupAccount) return [];
  return [
    ...onGroups(facts, "ChangeGroups", CHANGES),
    ...tagging(facts),
    ...creation(facts),
    {
      Sid: "PassStoreRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: storeRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    },
    ...keys(facts),
    ...tables(facts),
  ];
}

function tagging(facts: ProfileFacts): Statement[] {
  const bound = decidingKeys(facts.scope);
  const [statement] = onGroups(facts, "TagGroups", ["sagemaker:AddTags", "sagemaker:DeleteTags"]);
  if (!statement || bound.length === 0) return statement ? [statement] : [];
  // Tag keys in conditions match whatever their case is.
  const others = { "ForAllValues:StringNotEqualsIgnoreCase": { "aws:TagKeys": bound } };
  return [{ ...statement, Condition: { ...statement.Condition, ...others } }];
}

/** New groups are of this store: its bucket and prefix, its keys. */
function creation(facts: ProfileFacts): Statement[] {
  const { bucketArn, prefix, onlineKeyArn, offlineKeyArn } = facts;
  const scope = newGroupsInScope(facts.scope, anyGroup(facts), facts.groups);
  const uri = `s3://${bucketArn.slice(bucketArn.lastIndexOf(":") + 1)}${prefix === "" ? "" : `/${prefix}`}`;
  return [
    ...scoped("CreateGroups", "sagemaker:CreateFeatureGroup", scope, {
      StringLikeIfExists: { "sagemaker:FeatureGroupOfflineStoreS3Uri": [uri, `${uri}/*`] },
    }),
    ...scoped("TagNewGroups", "sagemaker:AddTags", scope, {
      StringEquals: { "sagemaker:TaggingAction": "CreateFeatureGroup" },
    }),
    ...(onlineKeyArn === undefined ? [] : onlyUnder("Online", onlineKeyArn)),
    ...(offlineKeyArn === undefined ? [] : onlyUnder("Offline", offlineKeyArn)),
  ];
}

/** Denies a group whose store is there and is not under the key. */
function onlyUnder(store: "Online" | "Offline", keyArn: string): Statement[] {
  const key = `sagemaker:FeatureGroup${store}StoreKmsKeyArn`;
  const there: NonNullable<Statement["Condition"]> =
    store === "Online"
      ? { Bool: { "sagemaker:FeatureGroupEnableOnlineStore": "true" } }
      : { Null: { "sagemaker:FeatureGroupOfflineStoreS3Uri": "false" } };
  return [
    {
      Sid: `Deny${store}StoreUnderOtherKeys`,
      Effect: "Deny",
      Action: "sagemaker:CreateFeatureGroup",
      Resource: "*",
      // A request that names no key has no such condition key, which is not equal either.
      Condition: { ...there, StringNotEquals: { [key]: keyArn } },
    },
  ];
}

function keys({ region, onlineKeyArn, offlineKeyArn }: ProfileFacts): Statement[] {
  const service = `sagemaker.${region}.amazonaws.com`;
  return [
    ...(onlineKeyArn === undefined
      ? []
      : [
          viaService("MakeOnlineStores", ONLINE_KEY_USE, onlineKeyArn, service),
          { Sid: "FindKeys", Effect: "Allow", Action: "kms:ListAliases", Resource: "*" } as const,
        ]),
    ...(offlineKeyArn === undefined || offlineKeyArn === onlineKeyArn
      ? []
      : [viaService("MakeOfflineStores", ["kms:DescribeKey"], offlineKeyArn, service)]),
  ];
}

/** Feature Store makes a new group's table, and adds columns to it, with its caller's permissions. */
function tables(facts: ProfileFacts): Statement[] {
  const { partition, region, groupAccount } = facts;
  const glue = `arn:${partition}:glue:${region}:${groupAccount}`;
  const database = "sagemaker_featurestore";
  const parts = knownParts(facts.scope, facts.groups);
  return [
    {
      Sid: "MakeTables",
      Effect: "Allow",
      Action: ["glue:CreateDatabase", "glue:GetDatabase", "glue:CreateTable"],
      Resource: [`${glue}:catalog`, `${glue}:database/${database}`, `${glue}:table/${database}/*`],
    },
    ...parts.flatMap(({ groups, condition }, index): Statement[] => {
      const found = groups.flatMap(({ table }) => (table ? [table] : []));
      if (found.length === 0) return [];
      return [
        {
          Sid: `ChangeTables${parts.length === 1 ? "" : String(index + 1)}`,
          Effect: "Allow",
          Action: ["glue:GetTable", "glue:UpdateTable"],
          Resource: [
            `${glue}:catalog`,
            ...new Set(found.map((table) => `${glue}:database/${table.database}`)),
            ...found.map((table) => `${glue}:table/${table.database}/${table.name}`),
          ],
          ...(condition ? { Condition: condition } : {}),
        },
      ];
    }),
  ];
}
