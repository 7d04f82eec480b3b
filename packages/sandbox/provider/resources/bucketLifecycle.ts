/** S3: the lifecycle of a bucket's objects. */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { block, flag, length, list, number, oneOf, text } from "../schema";
import { given, type Properties } from "../values";
import { configuration } from "./bucketConfiguration";

interface Rule {
  readonly id: string;
  readonly status: "Enabled" | "Disabled";
  readonly filter?: { readonly prefix?: string };
  readonly expiration?: { readonly days?: number; readonly expiredObjectDeleteMarker?: boolean };
  readonly noncurrentVersionExpiration?: {
    readonly noncurrentDays?: number;
    readonly newerNoncurrentVersions?: number;
  };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation?: number };
}

export const bucketLifecycle = configuration({
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  title: "S3 Bucket Lifecycle Configuration",
  fields: {
    rules: list(
      block({
        id: text({ required: true, rules: [length(1, 255)] }),
        status: text({ required: true, rules: [oneOf("Enabled", "Disabled")] }),
        filter: block({ prefix: text() }),
        expiration: block({ days: number(), expiredObjectDeleteMarker: flag() }),
        noncurrentVersionExpiration: block({ noncurrentDays: number(), newerNoncurrentVersions: number() }),
        abortIncompleteMultipartUpload: block({ daysAfterInitiation: number() }),
      }),
      { required: true },
    ),
    transitionDefaultMinimumObjectSize: text({
      computed: true,
      rules: [oneOf("all_storage_classes_128K", "varies_by_storage_class")],
    }),
  },
  absent: ["NoSuchLifecycleConfiguration"],
  put: async (client, Bucket, { rules, transitionDefaultMinimumObjectSize: size }) =>
    client.putBucketLifecycleConfiguration({
      Bucket,
      LifecycleConfiguration: { Rules: (rules as Rule[]).map(toAws) },
      ...(typeof size === "string"
        ? { TransitionDefaultMinimumObjectSize: size as "varies_by_storage_class" }
        : {}),
    }),
  remove: async (client, Bucket) => client.deleteBucketLifecycle({ Bucket }),
  read: async (client, Bucket) => {
    const { Rules = [], TransitionDefaultMinimumObjectSize } = await client.getBucketLifecycleConfiguration({
      Bucket,
    });
    return given({
      rules: Rules.map(fromAws),
      transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize,
    });
  },
});

function toAws(rule: Rule): LifecycleRule {
  const { expiration, noncurrentVersionExpiration: noncurrent, abortIncompleteMultipartUpload: abort } = rule;
  return {
    ID: rule.id,
    Status: rule.status,
    Filter: { Prefix: rule.filter?.prefix ?? "" },
    Expiration: expiration && {
      Days: expiration.days,
      ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker,
    },
    NoncurrentVersionExpiration: noncurrent && {
      NoncurrentDays: noncurrent.noncurrentDays,
      NewerNoncurrentVersions: noncurrent.newerNoncurrentVersions,
    },
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort.daysAfterInitiation },
  };
}

function fromAws(rule: LifecycleRule): Properties {
  const { Expiration, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  return given({
    id: rule.ID,
    status: rule.Status,
    filter: rule.Filter && given({ prefix: rule.Filter.Prefix }),
    expiration:
      Expiration &&
      given({ days: Expiration.Days, expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker }),
    noncurrentVersionExpiration:
      noncurrent &&
      given({
        noncurrentDays: noncurrent.NoncurrentDays,
        newerNoncurrentVersions: noncurrent.NewerNoncurrentVersions,
      }),
    abortIncompleteMultipartUpload: abort && given({ daysAfterInitiation: abort.DaysAfterInitiation }),
  });
}
