/** Contracts: the values that pass between stages, as a type and as a decoder for another stack's outputs. */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

export const arn = z.string().startsWith("arn:");

/** A feature group, as the stage that makes it gives it to other stages. */
export const featureGroupContract = z.object({
  name: z.string(),
  arn,
  /** Location of its objects: `s3://bucket/prefix/ACCOUNT/sagemaker/REGION/offline-store/NAME-EPOCH/data`; absent: no offline store. */
  s3Uri: z.string().startsWith("s3://").optional(),
  /** Its table in the Glue Data Catalog, if it has one. */
  table: z.object({ catalog: z.string(), database: z.string(), name: z.string() }).optional(),
});
export type FeatureGroupContract = z.infer<typeof featureGroupContract>;

/** The values that the stages of a store give. */
export interface StoreValues {
  readonly featureGroups: Readonly<Record<string, FeatureGroupContract>>;
  readonly bucketArn: string;
  /** The role that Feature Store writes as. */
  readonly roleArn: string;
  /** Left out: AWS's own keys. */
  readonly onlineKeyArn?: string;
  readonly offlineKeyArn?: string;
}

/** A contract inside a program: each value an output. */
export type Wired<T> = { readonly [K in keyof T]: pulumi.Output<T[K]> };

/** A stage's outputs do not match its contract. */
export class ContractError extends Error {
  readonly exitCode = 1;
  constructor(
    stage: string,
    problems: readonly string[],
    readonly advice: string = `Update stage ${stage} first: its stack was written by another version of this program, or by hand.`,
  ) {
    super(
      [
        `the outputs of stage ${stage} do not match its contract:`,
        ...problems.map((each) => `  ${each}`),
      ].join("\n"),
    );
    this.name = "ContractError";
  }
}

/** @throws ContractError naming each output that is missing or has another form */
export function decodeContract<T>(stage: string, schema: z.ZodType<T>, raw: unknown): T {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  throw new ContractError(
    stage,
    result.error.issues.map(({ path, message }) => `${path.join(".") || "(outputs)"}: ${message}`),
  );
}
