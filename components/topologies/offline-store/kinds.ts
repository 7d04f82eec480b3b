/** The stages of topology offline-store: their kinds and contracts. */
import { z } from "zod";
import { arn, featureGroupContract } from "../../contract";
import { refTo } from "../../stage";

const writer = z.object({
  /** ARN of the role that Feature Store writes the offline store as. */
  roleArn: arn,
  /** Unique ID of that role (`AROA...`): it changes if the role is recreated. */
  roleId: z.string(),
  /** ARN of the key that the offline store is encrypted under. */
  keyArn: arn,
  /** ARN of the online stores' key; left out: AWS's own. */
  onlineKeyArn: arn.optional(),
});
const offlineBucket = z.object({ bucketName: z.string().min(3), bucketArn: arn });
const featureGroups = z.object({
  /** By feature group name. */
  featureGroups: z.record(z.string(), featureGroupContract),
});

export type WriterContract = z.infer<typeof writer>;
export type OfflineBucketContract = z.infer<typeof offlineBucket>;
export type FeatureGroupsContract = z.infer<typeof featureGroups>;

export const kinds = {
  writer: { contract: writer, givesRole: true },
  offlineBucket: { contract: offlineBucket },
  featureGroups: { contract: featureGroups, makesGroups: true },
} as const;

export const ref = refTo(kinds);
