/** A topology as one object of the driver: rooms loop over the list (index.ts) and call each topology's parts. */
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
  /** The setting that turns it on, such as `offlineStore`; its store's setting if it has a store. */
  readonly setting: string;
  /** The facts for its intents; undefined if the settings do not use it, or the model lacks a part of it. */
  facts(settings: Settings, model: AccessModel): EnvironmentFacts[Name];
  /** The settings of a deployed environment, as far as its stages' contracts show them. */
  asDeployed?(settings: Settings, contracts: Contracts): Settings;
  /** Existing roles in the settings, except for key administrators. */
  existingRoles?(settings: Settings): readonly ExistingRole[];
  existingBuckets?(settings: Settings): readonly ExistingBucket[];
  /** Uses of its store's existing key by principals other than the store's role and deployer. */
  keyNeeds?(settings: Settings, half: "online" | "offline", roles: KnownRoles): readonly KeyNeed[];
  /** Permissions that readers of its tables need where AWS Lake Formation governs the catalog. */
  catalogReaders?(settings: Settings, contractOf: ContractOf): Promise<readonly CatalogPermission[]>;
  /** The stage whose `resultsLocation` has a consumer's query results, which can become leftovers. */
  resultsStage?(consumer: string): string;
  /** Consumers, and the settings that their code needs to access the store. */
  readonly consumers?: Consumers;
  /** Adds a group's next version to the access of everyone who may use the group, in the settings file. @returns their names */
  shareAccess?(document: Document, group: string, version: string): readonly string[];
  /** Lines for people: its deployed resources and the consumers' access. */
  summary?(this: void, settings: Settings, contracts: Contracts): readonly string[];
  /** Attempts on the deployed access, in the order in which they are made. */
  attempts?(verification: Verification): AsyncIterable<Attempt>;
}

/** ARNs of roles by the stage that makes them; those that do not exist yet are left out. */
export type KnownRoles = Readonly<Record<string, string | undefined>>;

interface Existing {
  /** The setting that names it: `consumers.ads.executionRoleArn`. */
  readonly setting: string;
  /** The consumer, if only its stages use the role. */
  readonly consumer?: string;
}

export interface ExistingRole extends Existing {
  readonly arn: string;
  /** True: a stage reads it and adds a policy to it. False: policies only name it. */
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
  /** Absent if its stage makes one. */
  readonly executionRoleArn?: string;
}

export interface ConsumerCredentials {
  readonly executionRoleArn: string;
  /** The role to assume. */
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  /** Region of the store and of its Athena workgroup. */
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
