/** A topology as one object of the driver: rooms loop over the list (index.ts) and ask each topology for its part. */
import type { Document } from "yaml";
import type { KeyNeed } from "../../access/keyUse";
import type { AccessModel } from "../../access/model";
import type { EnvironmentFacts } from "../../access/topologies";
import type { AccountName, Settings } from "../../components/settings";
import type { CatalogPermission } from "../model/reports";
import type { ContractOf, Contracts } from "./contracts";
import type { Attempt, Verification } from "./verification/types";

type TopologyName = keyof EnvironmentFacts;

export interface Topology<Name extends TopologyName = TopologyName> {
  /** Its name in access/ and components/: `offline-store`. */
  readonly name: Name;
  /** The setting that turns it on, which is its store's if it has one: `offlineStore`. */
  readonly setting: string;
  /** The facts that its intents are made of; undefined: the settings do not use it, or the model lacks a part of it. */
  facts(settings: Settings, model: AccessModel): EnvironmentFacts[Name];
  /** The settings of a deployed environment, as far as the contracts of its stages tell. */
  asDeployed?(settings: Settings, contracts: Contracts): Settings;
  /** Existing roles that the settings name, but for key administrators. */
  existingRoles?(settings: Settings): readonly ExistingRole[];
  existingBuckets?(settings: Settings): readonly ExistingBucket[];
  /** Uses of its store's existing key by others than the store's role and deployer. */
  keyNeeds?(settings: Settings, half: "online" | "offline", roles: KnownRoles): readonly KeyNeed[];
  /** Permissions that readers of its tables need where AWS Lake Formation governs the catalog. */
  catalogReaders?(settings: Settings, contractOf: ContractOf): Promise<readonly CatalogPermission[]>;
  /** The stage whose `resultsLocation` is where a consumer's query results stay behind. */
  resultsStage?(consumer: string): string;
  /** Consumers, and what their code needs to reach the store. */
  readonly consumers?: Consumers;
  /** Gives those who may use a feature group the same on its next version, in the settings file. @returns their names */
  shareAccess?(document: Document, group: string, version: string): readonly string[];
  /** Lines for people: its resources that are deployed, with the consumers' access. */
  summary?(this: void, settings: Settings, contracts: Contracts): readonly string[];
  /** Attempts on the deployed access, in the order in which they are made. */
  attempts?(verification: Verification): AsyncIterable<Attempt>;
}

/** ARNs of roles by the stage that makes them; those that do not exist yet are left out. */
export type KnownRoles = Readonly<Record<string, string | undefined>>;

interface Existing {
  /** The setting that names it: `consumers.ads.executionRoleArn`. */
  readonly setting: string;
  /** Of this consumer's stages alone. */
  readonly consumer?: string;
}

export interface ExistingRole extends Existing {
  readonly arn: string;
  /** True: a stage reads it and gives it a policy. False: policies name it. */
  readonly isUsed: boolean;
}

export interface ExistingBucket extends Existing {
  readonly name: string;
  /** Name of the account in the settings. */
  readonly account: AccountName;
  /** The region in which Athena writes. */
  readonly region: string;
}

export interface Consumer {
  readonly name: string;
  readonly account: AccountName;
  /** Left out: its stage makes one. */
  readonly executionRoleArn?: string;
}

export interface ConsumerCredentials {
  readonly executionRoleArn: string;
  /** The role to assume. */
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  /** Of the store, and of its Athena workgroup. */
  readonly region: string;
  readonly workgroup: string;
  /** `s3://bucket/prefix/` */
  readonly resultsLocation: string;
  readonly featureGroups: Readonly<
    Record<string, { readonly arn: string; readonly table?: { readonly database: string } | undefined }>
  >;
}

export interface Consumers {
  of(this: void, settings: Settings): readonly Consumer[];
  /** @returns undefined if the consumer is not deployed */
  credentials(contracts: Contracts, consumer: string): ConsumerCredentials | undefined;
}
