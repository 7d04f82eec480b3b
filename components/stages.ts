/**
 * THE graph: each stage is one account's side of the access. `index.ts` runs the programs in one stack, the driver each
 * in a stack of its own; both the same programs, on the same settings.
 */
import type * as pulumi from "@pulumi/pulumi";
import { Accounts } from "./accounts";
import {
  contracts,
  decodeContract,
  type OfflineBucketContract,
  type Wired,
  type WriterContract,
} from "./contracts";
import { FeatureGroups } from "./offline-store/featureGroups";
import { OfflineBucket } from "./offline-store/offlineBucket";
import { Writer } from "./offline-store/writer";
import type { AccountName, Settings } from "./settings";

/** The outputs of the stages that a stage needs, by stage and name. */
export type StageInputs = Readonly<Record<string, Readonly<Record<string, pulumi.Output<unknown>>>>>;

export interface StageContext {
  readonly settings: Settings;
  readonly accounts: Accounts;
}

export interface Stage {
  readonly name: string;
  readonly account: AccountName;
  /** Names of the stages whose outputs the program is given. */
  readonly needs: readonly string[];
  /** Declares the stage's resources in the running stack, and returns the outputs of its contract. */
  program(context: StageContext, inputs: StageInputs): Record<string, pulumi.Output<unknown>>;
  /** The stage's outputs, as a stack gives them, in the form of its contract. @throws ContractError */
  decode(raw: unknown): Readonly<Record<string, unknown>>;
}

/** The stages of the environment, in an order in which each follows what it needs. */
export function stages(_settings: Settings): readonly Stage[] {
  return [writer, offlineBucket, featureGroups];
}

const writer: Stage = {
  name: "writer",
  account: "A",
  needs: [],
  program({ settings, accounts }) {
    const { A, B } = settings.accounts;
    const { offlineStore, policyMode, protectData, verification } = settings;
    const component = new Writer(
      "writer",
      {
        partition: A.partition,
        region: A.region,
        accountId: A.id,
        readerAccountId: B.id,
        additionalWriterRoleArns: [...offlineStore.additionalWriterRoleArns],
        keyAdministrators: [...offlineStore.keyAdministrators],
        verifierRoleArn: verification.trustDeployer ? A.deployerRoleArn : undefined,
        keyDeletionWindowDays: offlineStore.keyDeletionWindowDays,
        policyMode,
        protectData,
      },
      { providers: [accounts.provider("A")] },
    );
    return { roleArn: component.roleArn, keyArn: component.keyArn };
  },
  decode: (raw) => decodeContract("writer", contracts.writer, raw),
};

const offlineBucket: Stage = {
  name: "offlineBucket",
  account: "B",
  needs: ["writer"],
  program({ settings, accounts }, inputs) {
    const { roleArn, keyArn } = inputs["writer"] as Wired<WriterContract>;
    const { offlineStore, policyMode, protectData } = settings;
    const component = new OfflineBucket(
      "offline-bucket",
      {
        bucketName: offlineStore.bucketName,
        prefix: offlineStore.prefix,
        writerRoleArns: [roleArn, ...offlineStore.additionalWriterRoleArns],
        keyArn,
        noncurrentVersionDays: offlineStore.noncurrentVersionDays,
        policyMode,
        protectData,
      },
      { providers: [accounts.provider("B")] },
    );
    return { bucketName: component.bucketName, bucketArn: component.bucketArn };
  },
  decode: (raw) => decodeContract("offlineBucket", contracts.offlineBucket, raw),
};

const featureGroups: Stage = {
  name: "featureGroups",
  account: "A",
  needs: ["writer", "offlineBucket"],
  program({ settings, accounts }, inputs) {
    const { roleArn, keyArn } = inputs["writer"] as Wired<WriterContract>;
    const { bucketName, bucketArn } = inputs["offlineBucket"] as Wired<OfflineBucketContract>;
    const { offlineStore, policyMode, protectData } = settings;
    const component = new FeatureGroups(
      "feature-groups",
      {
        partition: settings.accounts.A.partition,
        writerRoleArn: roleArn,
        keyArn,
        bucketName,
        bucketArn,
        bucketAccountId: settings.accounts.B.id,
        prefix: offlineStore.prefix,
        featureGroups: offlineStore.featureGroups,
        policyMode,
        protectData,
      },
      { providers: [accounts.provider("A")] },
    );
    return { featureGroups: component.featureGroups };
  },
  decode: (raw) => decodeContract("featureGroups", contracts.featureGroups, raw),
};
