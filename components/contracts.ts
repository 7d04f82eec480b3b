/**
 * What crosses between stages, and nothing else does: each stage's outputs as a type, and a decoder for the values as
 * another stack gives them.
 */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const arn = z.string().startsWith("arn:");

const featureGroup = z.object({
  name: z.string(),
  arn,
  /** Where its objects are: `s3://bucket/prefix/ACCOUNT/sagemaker/REGION/offline-store/NAME-EPOCH/data`; absent: no offline store. */
  s3Uri: z.string().startsWith("s3://").optional(),
  /** Its table in the Glue Data Catalog, if it has one. */
  table: z.object({ catalog: z.string(), database: z.string(), name: z.string() }).optional(),
});
const writer = z.object({
  /** ARN of the role that Feature Store writes the offline store as. */
  roleArn: arn,
  /** Unique ID of that role (`AROA...`): another, if the role was made again. */
  roleId: z.string(),
  /** ARN of the key that the offline store is encrypted under. */
  keyArn: arn,
  /** ARN of the online stores' key; left out: AWS's own. */
  onlineKeyArn: arn.optional(),
});
const offlineBucket = z.object({ bucketName: z.string().min(3), bucketArn: arn });
const featureGroups = z.object({
  /** By feature group name. */
  featureGroups: z.record(z.string(), featureGroup),
});
const centralStore = z.object({
  /** By feature group name. */
  featureGroups: z.record(z.string(), featureGroup),
  /** ARN and unique ID of the role that Feature Store writes the offline stores as. */
  roleArn: arn,
  roleId: z.string(),
  bucketName: z.string().min(3),
  bucketArn: arn,
  /** The keys of the two stores, which may be one; left out: AWS's own. */
  onlineKeyArn: arn.optional(),
  offlineKeyArn: arn.optional(),
});
const consumer = z.object({
  /** ARN of the SageMaker execution role of the consumer's workloads. */
  executionRoleArn: arn,
  /** Unique ID of that role: another, if the role was made again. */
  executionRoleId: z.string(),
  resultsBucketName: z.string().min(3),
  resultsBucketArn: arn,
});
const crossAccountRole = z.object({
  /** ARN of the role of account B that the consumer assumes. */
  roleArn: arn,
  /** Unique ID of that role: another, if the role was made again. */
  roleId: z.string(),
  /** Name of the consumer's Athena workgroup in account B. */
  workgroup: z.string(),
  /** Where the workgroup writes results, whatever a query asks for: `s3://bucket/prefix/`. */
  resultsLocation: z.string().startsWith("s3://"),
});
/** What the consumer's code needs. */
const consumerGrants = z.object({
  executionRoleArn: arn,
  roleArn: arn,
  /** What account B's role asks of whoever assumes it; no secret (IAM User Guide, "The external ID"). */
  externalId: z.string().optional(),
  /** Region of the central store, and of its Athena workgroup. */
  region: z.string(),
  workgroup: z.string(),
  resultsLocation: z.string().startsWith("s3://"),
  /** By feature group name: its ARN, which GetRecord and PutRecord take, its table, and what is granted. */
  featureGroups: z.record(
    z.string(),
    z.object({
      arn,
      table: z.object({ catalog: z.string(), database: z.string(), name: z.string() }).optional(),
      access: z.array(z.enum(["readOnline", "readOffline", "write"])),
    }),
  ),
  /** For a results bucket that existed before: the policy statements that its owner has to add to it, as JSON. */
  requiredBucketPolicy: z.string().optional(),
});

const profiles = z.object({
  /** By profile: ARN and unique ID of its role. */
  profiles: z.record(z.string(), z.object({ roleArn: arn, roleId: z.string() })),
});

const monitoring = z.object({
  /** ARNs of the topics that are told: of the store's region, and of IAM's where that is another. */
  topicArns: z.array(arn),
  /** Names of the rules. */
  rules: z.array(z.string()),
  /** The trail that the events come by. */
  trailArn: arn,
});

/** By stage; those of a consumer without its name. */
export const contracts = {
  writer,
  offlineBucket,
  featureGroups,
  centralStore,
  consumer,
  crossAccountRole,
  consumerGrants,
  profiles,
  monitoring,
} as const;

export type FeatureGroupContract = z.infer<typeof featureGroup>;
export type WriterContract = z.infer<typeof writer>;
export type OfflineBucketContract = z.infer<typeof offlineBucket>;
export type FeatureGroupsContract = z.infer<typeof featureGroups>;
export type CentralStoreContract = z.infer<typeof centralStore>;
export type ConsumerContract = z.infer<typeof consumer>;
export type CrossAccountRoleContract = z.infer<typeof crossAccountRole>;
export type ConsumerGrantsContract = z.infer<typeof consumerGrants>;

export type MonitoringContract = z.infer<typeof monitoring>;
export type ProfilesContract = z.infer<typeof profiles>;

/** A contract inside a program: each value an output. */
export type Wired<T> = { readonly [K in keyof T]: pulumi.Output<T[K]> };

/** A stage's outputs do not have the form of its contract. */
export class ContractError extends Error {
  readonly exitCode = 1;
  constructor(
    stage: string,
    faults: readonly string[],
    readonly advice: string = `Update stage ${stage} first: its stack was written by another version of this program, or by hand.`,
  ) {
    super(
      [
        `the outputs of stage ${stage} are not what its contract says:`,
        ...faults.map((fault) => `  ${fault}`),
      ].join("\n"),
    );
    this.name = "ContractError";
  }
}

/** @throws ContractError naming each output that is missing or of another form. */
export function decodeContract<T>(stage: string, schema: z.ZodType<T>, raw: unknown): T {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  throw new ContractError(
    stage,
    result.error.issues.map(({ path, message }) => `${path.join(".") || "(outputs)"}: ${message}`),
  );
}
