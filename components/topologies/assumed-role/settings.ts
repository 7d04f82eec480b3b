/** Settings of topology assumed-role: `centralStore` and `consumers`, with their defaults. */
import { z } from "zod";
import { externalId, judged, keyArn, prefix, roleArn, tags } from "../../settings/forms";
import { keySettings } from "../../settings/keySettings";
import { bucketNameProblem, consumerNameProblem } from "../../settings/names";
import { accountSchema } from "../../settings/sharedSchema";
import { storeSchema } from "../../settings/storeSchema";
import type { AccountName, StoreSettings, Tags } from "../../settings/types";
import type { NamedAccount, Raw } from "../../topology";
import type { Permission } from "./policies/crossAccountRole";

/** Feature groups, bucket and keys of account B that consumers reach through a role. */
export type CentralStoreSettings = StoreSettings;

export interface ResultsBucketSettings {
  readonly name: string;
  /** Key prefix of the results, without a slash at either end. */
  readonly prefix: string;
  /** True: the consumer has the bucket already, and keeps its configuration and policy in its own hands. */
  readonly existing: boolean;
  /** ARN of the key that an existing bucket's results are encrypted under; without it, Amazon S3's own keys. */
  readonly keyArn?: string;
  /** Days after which results are deleted (of a bucket that is made here). */
  readonly retentionDays: number;
}

export interface ConsumerSettings {
  /** Also part of the names of its stages, workgroup and roles. */
  readonly name: string;
  /** Key in `Settings.accounts`: `A`, or the consumer's own name. */
  readonly account: AccountName;
  /** The SageMaker execution role that the consumer has already; without it one is made. */
  readonly executionRoleArn?: string;
  readonly resultsBucket: ResultsBucketSettings;
  /** What account B's role asks of whoever assumes it. */
  readonly externalId?: string;
  /** `o-...`: the organization that whoever assumes the role has to be in. */
  readonly organizationId?: string;
  /** Lets the SageMaker service assume account B's role too, as the document asks. */
  readonly trustSageMaker: boolean;
  /** By name of a feature group of the central store. */
  readonly access: Readonly<Record<string, readonly Permission[]>>;
  /** By tags of the central store's feature groups: all of an entry's. */
  readonly accessByTags: readonly TaggedAccess[];
}

export interface TaggedAccess {
  readonly tags: Tags;
  readonly permissions: readonly Permission[];
}

export interface OwnSettings {
  /** Left out: the topology is off. */
  readonly centralStore?: CentralStoreSettings;
  /** Of the central store, in the order of the file. */
  readonly consumers: readonly ConsumerSettings[];
}

export const permissions = z
  .array(z.enum(["readOnline", "readOffline", "write"], "a permission is readOnline, readOffline or write"))
  .min(1, "name at least one of readOnline, readOffline and write");

const consumerSchema = z.strictObject({
  account: accountSchema.optional(),
  executionRoleArn: roleArn.optional(),
  resultsBucket: z.strictObject({
    name: judged(bucketNameProblem),
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

/** The accounts of consumers that have one of their own. */
export function accountsOf({ consumers }: Pick<RawSettings, "consumers">): NamedAccount[] {
  return Object.entries(consumers).flatMap(([name, { account }]) =>
    account ? [{ setting: `consumers.${name}.account`, name, account }] : [],
  );
}
