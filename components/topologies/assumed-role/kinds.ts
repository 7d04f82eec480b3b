/** The stages of topology assumed-role: their kinds and contracts. */
import { z } from "zod";
import { arn, featureGroupContract } from "../../contract";
import { refTo } from "../../stage";

const permission = z.enum(["readOnline", "readOffline", "write"]);
const centralStore = z.object({
  /** By feature group name. */
  featureGroups: z.record(z.string(), featureGroupContract),
  /** ARN and unique ID of the role that Feature Store writes the offline stores as. */
  roleArn: arn,
  roleId: z.string(),
  bucketName: z.string().min(3),
  bucketArn: arn,
  /** The keys of the two halves, which may be one key; left out: AWS's own. */
  onlineKeyArn: arn.optional(),
  offlineKeyArn: arn.optional(),
});
const consumer = z.object({
  /** ARN of the SageMaker execution role of the consumer's workloads. */
  executionRoleArn: arn,
  /** Unique ID of that role: it changes if the role is recreated. */
  executionRoleId: z.string(),
  resultsBucketName: z.string().min(3),
  resultsBucketArn: arn,
});
const crossAccountRole = z.object({
  /** ARN of the role of account B that the consumer assumes. */
  roleArn: arn,
  /** Unique ID of that role: it changes if the role is recreated. */
  roleId: z.string(),
  /** Name of the consumer's Athena workgroup in account B. */
  workgroup: z.string(),
  /** The location to which the workgroup writes results, whatever a query asks for: `s3://bucket/prefix/`. */
  resultsLocation: z.string().startsWith("s3://"),
});
/** The values that the consumer's code needs. */
const consumerGrants = z.object({
  executionRoleArn: arn,
  roleArn: arn,
  /** The external ID that account B's role requires; no secret (IAM User Guide, "Access to AWS accounts owned by third parties"). */
  externalId: z.string().optional(),
  /** Region of the central store, and of its Athena workgroup. */
  region: z.string(),
  workgroup: z.string(),
  resultsLocation: z.string().startsWith("s3://"),
  /** By feature group name: its ARN, which GetRecord and PutRecord take, its table, and the consumer's permissions. */
  featureGroups: z.record(
    z.string(),
    z.object({
      arn,
      table: z.object({ catalog: z.string(), database: z.string(), name: z.string() }).optional(),
      access: z.array(permission),
    }),
  ),
  /** For an existing results bucket: the policy statements that its owner has to add to it, as JSON. */
  requiredBucketPolicy: z.string().optional(),
});

export type CentralStoreContract = z.infer<typeof centralStore>;
export type ConsumerContract = z.infer<typeof consumer>;
export type CrossAccountRoleContract = z.infer<typeof crossAccountRole>;
export type ConsumerGrantsContract = z.infer<typeof consumerGrants>;

export const kinds = {
  centralStore: { contract: centralStore, givesRole: true, makesGroups: true },
  consumer: { contract: consumer, per: "consumer" },
  crossAccountRole: { contract: crossAccountRole, per: "consumer", givesRole: true },
  consumerGrants: { contract: consumerGrants, per: "consumer" },
} as const;

export const ref = refTo(kinds);
