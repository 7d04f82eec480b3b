/**
 * An administrator's permissions: to create, change, tag and delete groups, and to read or write nothing in them. A role
 * that is bound to tags cannot change those tags: it can neither take a group away from others nor make one its own.
 */
import { allow, viaService, type Conditions, type Statement } from "./document";
import { decidingKeys, newGroupsInScope } from "./groupScope";
import { tableArns } from "./offlineObjects";
import { ONLINE_KEY_USE } from "./onlineStoreKey";
import type { ProfileFacts } from "./profileFacts";
import { anyGroup, glueOf, onGroups, onTables, scoped } from "./profileStatements";

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
    allow("PassStoreRole", "iam:PassRole", storeRoleArn, {
      StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" },
    }),
    ...keys(facts),
    ...tables(facts),
  ];
}

function tagging(facts: ProfileFacts): Statement[] {
  const bound = decidingKeys(facts.scope);
  const [statement] = onGroups(facts, "TagGroups", ["sagemaker:AddTags", "sagemaker:DeleteTags"]);
  if (!statement || bound.length === 0) return statement ? [statement] : [];
  // Tag keys in conditions match regardless of case.
  const others = { "ForAllValues:StringNotEqualsIgnoreCase": { "aws:TagKeys": bound } };
  return [{ ...statement, Condition: { ...statement.Condition, ...others } }];
}

/** New groups belong to this store: its bucket and prefix, its keys. */
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

/** Denies a group that has such a store under another key. */
function onlyUnder(store: "Online" | "Offline", keyArn: string): Statement[] {
  const key = `sagemaker:FeatureGroup${store}StoreKmsKeyArn`;
  const there: Conditions =
    store === "Online"
      ? { Bool: { "sagemaker:FeatureGroupEnableOnlineStore": "true" } }
      : { Null: { "sagemaker:FeatureGroupOfflineStoreS3Uri": "false" } };
  return [
    {
      Sid: `Deny${store}StoreUnderOtherKeys`,
      Effect: "Deny",
      Action: "sagemaker:CreateFeatureGroup",
      Resource: "*",
      // A request that names no key lacks this condition key, which counts as not equal, too.
      Condition: { ...there, StringNotEquals: { [key]: keyArn } },
    },
  ];
}

function keys({ region, onlineKeyArn, offlineKeyArn }: ProfileFacts): Statement[] {
  const throughSageMaker = viaService(`sagemaker.${region}.amazonaws.com`);
  return [
    ...(onlineKeyArn === undefined
      ? []
      : [
          allow("MakeOnlineStores", ONLINE_KEY_USE, onlineKeyArn, throughSageMaker),
          allow("FindKeys", "kms:ListAliases", "*"),
        ]),
    ...(offlineKeyArn === undefined || offlineKeyArn === onlineKeyArn
      ? []
      : [allow("MakeOfflineStores", ["kms:DescribeKey"], offlineKeyArn, throughSageMaker)]),
  ];
}

/** Feature Store creates a new group's table, and adds columns to it, with its caller's permissions. */
function tables(facts: ProfileFacts): Statement[] {
  const database = "sagemaker_featurestore";
  return [
    allow(
      "MakeTables",
      ["glue:CreateDatabase", "glue:GetDatabase", "glue:CreateTable"],
      tableArns(glueOf(facts), [{ database, name: "*" }]),
    ),
    ...onTables(facts, "ChangeTables", ["glue:GetTable", "glue:UpdateTable"]),
  ];
}
