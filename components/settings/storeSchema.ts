/** The form of a store's settings: bucket, feature groups and keys. Rules between values are in the files named `*Rules.ts`. */
import { z } from "zod";
import { collectionForm, formatForm } from "./formatSchema";
import { judged, KEY_ARN, prefix, roleArn, tags } from "./forms";
import { bucketNameProblem, featureGroupNameProblem, featureNameProblem } from "./names";

/** A key of a store: one of the words, or the ARN of an existing key. */
const keyChoice = (...words: readonly string[]) =>
  judged((choice) => {
    if (words.includes(choice) || KEY_ARN.test(choice)) return undefined;
    if (/:alias\/|^alias\//.test(choice))
      return `"${choice}" is an alias, which may later point to another key: give the key's ARN, arn:aws:kms:REGION:ACCOUNT_ID:key/KEY_ID`;
    return `"${choice}" is neither one of ${words.join(", ")} nor a key's ARN: arn:aws:kms:REGION:ACCOUNT_ID:key/KEY_ID`;
  });
const featureGroupSchema = z.strictObject({
  name: judged(featureGroupNameProblem),
  description: z.string().max(128, "a description has at most 128 characters").optional(),
  /** Name of the feature that identifies a record. */
  recordIdentifier: z.string(),
  /** Name of the feature that holds the event time: String (ISO-8601) or Fractional (Unix seconds). */
  eventTime: z.string(),
  features: z
    .array(
      z.strictObject({
        name: judged(featureNameProblem),
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
  /** The time for which the online store keeps a record. */
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
  /** `own`: the stage makes a key; `shared`: the offline store's; `aws`: AWS's own, so none is named; or the ARN of an existing key. */
  online: keyChoice("own", "shared", "aws").optional(),
  /** `own`, `aws`, or an ARN. */
  offline: keyChoice("own", "aws").optional(),
  /** The account may use the online store's own key through SageMaker only (`kms:ViaService`). */
  viaService: z.boolean().optional(),
  /** The store's own keys are multi-Region primaries. */
  multiRegion: z.boolean().optional(),
  /** SageMaker's service principal may read the store's own keys (Describe*, Get*, List*). */
  sageMakerReads: z.boolean().optional(),
  /** AWS makes new key material once a year. */
  enableRotation: z.boolean().optional(),
  /** Halves that had an own key before the settings chose another: the stage keeps that key, because older data needs it. */
  keepOwn: z.array(z.enum(["online", "offline"], "online or offline")).optional(),
});

export const storeSchema = z.strictObject({
  bucketName: judged(bucketNameProblem),
  /** Key prefix without a slash at either end; empty for the whole bucket. */
  prefix: prefix.default(""),
  featureGroups: z.array(featureGroupSchema).min(1, "name at least one feature group"),
  /** ARNs of roles that administer the keys, in the account that owns the keys; the account's own IAM always can. */
  keyAdministrators: z.array(roleArn).default([]),
  keys: keysSchema.default({}),
  /** Days that AWS waits before it deletes a key. */
  keyDeletionWindowDays: z.int().min(7, "7 to 30 days").max(30, "7 to 30 days").default(30),
  /** Days after which an object's older version is deleted. */
  noncurrentVersionDays: z.int().min(1, "at least 1 day").default(90),
});

export type RawStore = z.infer<typeof storeSchema>;
export type RawGroup = RawStore["featureGroups"][number];
