/** The form of the settings file, and the rules of each single value. Rules between values are in `rules.ts`. */
import { z } from "zod";
import { collectionForm, formatForm } from "./formatSchema";
import {
  bucketNameFault,
  consumerNameFault,
  featureGroupNameFault,
  featureNameFault,
  prefixFault,
} from "./names";
import { judged, KEY_ARN, keyArn, permissions, roleArn, tags } from "./forms";
import { monitoringSchema } from "./monitoringSchema";
import { profilesSchema } from "./profileSchema";

/** A key of a store: one of the words, or the ARN of a key that is there. */
const keyChoice = (...words: readonly string[]) =>
  judged((choice) => {
    if (words.includes(choice) || KEY_ARN.test(choice)) return undefined;
    if (/:alias\/|^alias\//.test(choice))
      return `"${choice}" is an alias, which can come to name another key: give the key's ARN, arn:aws:kms:REGION:ACCOUNT_ID:key/KEY_ID`;
    return `"${choice}" is none of ${words.join(", ")}, and no key's ARN: arn:aws:kms:REGION:ACCOUNT_ID:key/KEY_ID`;
  });
const accountId = judged((id) =>
  /^\d{12}$/.test(id)
    ? undefined
    : `"${id}" is not an account ID: 12 digits, in quotes so that YAML keeps it a string`,
);
const region = judged((name) =>
  /^[a-z]{2}(-[a-z]+)+-\d$/.test(name) ? undefined : `"${name}" is not a region such as us-east-1`,
);
const externalId = judged((id) =>
  /^[\w+=,.@:/-]{2,1224}$/.test(id)
    ? undefined
    : "an external ID has 2 to 1,224 letters, digits and +=,.@:/-_",
);
const prefix = judged(prefixFault);
const accountSchema = z.strictObject({
  id: accountId,
  region,
  deployerRoleArn: roleArn,
  externalId: externalId.optional(),
});

const featureGroupSchema = z.strictObject({
  name: judged(featureGroupNameFault),
  description: z.string().max(128, "a description has at most 128 characters").optional(),
  recordIdentifier: z.string(),
  eventTime: z.string(),
  features: z
    .array(
      z.strictObject({
        name: judged(featureNameFault),
        type: z.enum(
          ["String", "Integral", "Fractional"],
          "a feature's type is String, Integral or Fractional",
        ),
        ...collectionForm,
      }),
    )
    .min(1, "a feature group has at least its record identifier and event time")
    .max(2500, "a feature group has at most 2,500 features"),
  onlineStore: z.boolean().default(true),
  ttl: z
    .strictObject({
      unit: z.enum(
        ["Seconds", "Minutes", "Hours", "Days", "Weeks"],
        "a unit is Seconds, Minutes, Hours, Days or Weeks",
      ),
      value: z
        .int("a whole number, at least 1")
        .min(1, "at least 1")
        .max(2_147_483_647, "at most 2,147,483,647"),
    })
    .optional(),
  ...formatForm,
  tags: tags.default({}),
});

const keysSchema = z.strictObject({
  online: keyChoice("own", "shared", "aws").optional(),
  offline: keyChoice("own", "aws").optional(),
  viaService: z.boolean().optional(),
  multiRegion: z.boolean().optional(),
  sageMakerReads: z.boolean().optional(),
  enableRotation: z.boolean().optional(),
  keepOwn: z.array(z.enum(["online", "offline"], "online or offline")).optional(),
});

const centralStoreSchema = z.strictObject({
  bucketName: judged(bucketNameFault),
  prefix: prefix.default(""),
  featureGroups: z.array(featureGroupSchema).min(1, "name at least one feature group"),
  keyAdministrators: z.array(roleArn).default([]),
  keys: keysSchema.default({}),
  keyDeletionWindowDays: z.int().min(7, "7 to 30 days").max(30, "7 to 30 days").default(30),
  noncurrentVersionDays: z.int().min(1, "at least 1 day").default(90),
});

const offlineStoreSchema = centralStoreSchema.extend({
  additionalWriterRoleArns: z.array(roleArn).default([]),
});

const consumerSchema = z.strictObject({
  account: accountSchema.optional(),
  executionRoleArn: roleArn.optional(),
  resultsBucket: z.strictObject({
    name: judged(bucketNameFault),
    prefix: prefix
      .default("athena-results")
      .refine((value) => value !== "", "name a prefix, such as athena-results"),
    existing: z.boolean().default(false),
    keyArn: keyArn.optional(),
    retentionDays: z.int().min(1, "at least 1 day").optional(),
  }),
  externalId: externalId.optional(),
  organizationId: judged((id) =>
    /^o-[a-z0-9]{10,32}$/.test(id)
      ? undefined
      : `"${id}" is not an organization's ID: o- and 10 to 32 letters and digits`,
  ).optional(),
  trustSageMaker: z.boolean().optional(),
  access: z.record(z.string(), permissions).default({}),
  accessByTags: z
    .array(
      z.strictObject({
        tags: tags.refine((all) => Object.keys(all).length > 0, "name at least one tag"),
        permissions,
      }),
    )
    .default([]),
});

/** Every key of the project's configuration, as in the typed `config:` block of Pulumi.yaml. */
export const settingsSchema = z.strictObject({
  accountA: accountSchema.optional(),
  accountB: accountSchema,
  offlineStore: offlineStoreSchema.optional(),
  centralStore: centralStoreSchema.optional(),
  consumers: z.record(judged(consumerNameFault), consumerSchema).default({}),
  profiles: profilesSchema.default({}),
  monitoring: monitoringSchema.optional(),
  policyMode: z
    .enum(["leastPrivilege", "documented"], "leastPrivilege or documented")
    .default("leastPrivilege"),
  protectData: z.boolean().default(true),
  verification: z
    .strictObject({ trustDeployer: z.boolean().default(false) })
    .default({ trustDeployer: false }),
  tags: tags.default({}),
});

export type RawSettings = z.infer<typeof settingsSchema>;
