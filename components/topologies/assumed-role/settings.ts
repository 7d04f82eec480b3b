/** Settings of topology assumed-role: `centralStore` and `consumers`, with their defaults. */
import { z } from "zod";
import { externalId, judged, keyArn, prefix, roleArn, tags } from "../../settings/forms";
import { keySettings } from "../../settings/keySettings";
import { bucketNameProblem, consumerNameProblem } from "../../settings/names";
import { accountSchema } from "../../settings/sharedSchema";
import { storeSchema } from "../../settings/storeSchema";
import type { AccountName, Fixed, StoreSettings } from "../../settings/types";
import type { NamedAccount, Raw } from "../../topology";

/** Feature groups, bucket and keys of account B that consumers reach through a role. */
export type CentralStoreSettings = StoreSettings;

const permissions = z
  .array(z.enum(["readOnline", "readOffline", "write"], "a permission is readOnline, readOffline or write"))
  .min(1, "name at least one of readOnline, readOffline and write");

const resultsBucketSchema = z.strictObject({
  name: judged(bucketNameProblem),
  /** Key prefix of the results, without a slash at either end. */
  prefix: prefix
    .default("athena-results")
    .refine((value) => value !== "", "name a prefix, such as athena-results"),
  /** True: the bucket exists, and its owner keeps its configuration and policy. */
  existing: z.boolean().default(false),
  /** ARN of the key that an existing bucket's results are encrypted under; without it, Amazon S3's own keys. */
  keyArn: keyArn.optional(),
  /** Days after which results are deleted (own bucket only). */
  retentionDays: z.int().min(1, "at least 1 day").optional(),
});

const consumerSchema = z.strictObject({
  account: accountSchema.optional(),
  /** The consumer's existing SageMaker execution role; without it, the stage makes one. */
  executionRoleArn: roleArn.optional(),
  resultsBucket: resultsBucketSchema,
  /** The external ID that account B's role requires. */
  externalId: externalId.optional(),
  /** `o-...`: the organization that a session has to belong to in order to assume the role. */
  organizationId: judged((id) =>
    /^o-[a-z0-9]{10,32}$/.test(id)
      ? undefined
      : `"${id}" is not an organization's ID: o- and 10 to 32 letters and digits`,
  ).optional(),
  trustSageMaker: z.boolean().optional(),
  /** By name of a feature group of the central store. */
  access: z.record(z.string(), permissions).default({}),
  /** By tags of the central store's feature groups: a group needs all tags of an entry. */
  accessByTags: z
    .array(
      z.strictObject({
        tags: tags.refine((all) => Object.keys(all).length > 0, "name at least one tag"),
        permissions,
      }),
    )
    .default([]),
});

type Made = Fixed<Omit<z.infer<typeof consumerSchema>, "account" | "resultsBucket" | "trustSageMaker">>;

export interface ConsumerSettings extends Made {
  /** Also part of the names of its stages, workgroup and roles. */
  readonly name: string;
  /** Key in `Settings.accounts`: `A`, or the consumer's own name. */
  readonly account: AccountName;
  readonly resultsBucket: Fixed<z.infer<typeof resultsBucketSchema>> & { readonly retentionDays: number };
  /** Lets the SageMaker service assume account B's role too, as the document asks. */
  readonly trustSageMaker: boolean;
}

export interface OwnSettings {
  /** Left out: the topology is off. */
  readonly centralStore?: CentralStoreSettings;
  /** The central store's consumers, in the order of the file. */
  readonly consumers: readonly ConsumerSettings[];
}

export const shape = {
  centralStore: storeSchema.optional(),
  consumers: z.record(judged(consumerNameProblem), consumerSchema).default({}),
};
export type RawSettings = Raw<typeof shape>;

export function normalise({ centralStore, consumers, policyMode }: RawSettings): OwnSettings {
  return {
    ...(centralStore
      ? { centralStore: { ...centralStore, keys: keySettings(centralStore.keys, "own") } }
      : {}),
    consumers: Object.entries(consumers).map(([name, { account, trustSageMaker, ...consumer }]) => ({
      ...consumer,
      resultsBucket: { ...consumer.resultsBucket, retentionDays: consumer.resultsBucket.retentionDays ?? 30 },
      name,
      account: account ? name : "A",
      trustSageMaker: trustSageMaker ?? policyMode === "documented",
    })),
  };
}

/** The accounts of consumers that are in neither A nor B. */
export function accountsOf({ consumers }: Pick<RawSettings, "consumers">): NamedAccount[] {
  return Object.entries(consumers).flatMap(([name, { account }]) =>
    account ? [{ setting: `consumers.${name}.account`, name, account }] : [],
  );
}
