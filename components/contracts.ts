/**
 * What crosses between stages, and nothing else does: each stage's outputs as a type, and a decoder for the values as
 * another stack gives them.
 */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const writer = z.object({
  /** ARN of the role that Feature Store writes the offline store as. */
  roleArn: z.string().startsWith("arn:"),
  /** ARN of the key that the offline store is encrypted under. */
  keyArn: z.string().startsWith("arn:"),
});
const offlineBucket = z.object({ bucketName: z.string().min(3), bucketArn: z.string().startsWith("arn:") });
const featureGroups = z.object({
  /** By feature group name. */
  featureGroups: z.record(
    z.string(),
    z.object({
      name: z.string(),
      arn: z.string().startsWith("arn:"),
      /** Where its objects are: `s3://bucket/prefix/ACCOUNT/sagemaker/REGION/offline-store/NAME-EPOCH/data`. */
      s3Uri: z.string().startsWith("s3://"),
      /** Its table in the Glue Data Catalog. */
      table: z.object({ catalog: z.string(), database: z.string(), name: z.string() }).optional(),
    }),
  ),
});

/** By stage. */
export const contracts = { writer, offlineBucket, featureGroups } as const;

export type WriterContract = z.infer<typeof writer>;
export type OfflineBucketContract = z.infer<typeof offlineBucket>;
export type FeatureGroupsContract = z.infer<typeof featureGroups>;

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
