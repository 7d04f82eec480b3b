/** An intent, as requests; and the facts about a store that intents are made from. */
import type { Question } from "../ask";

export interface Step extends Omit<Question, "resource"> {
  /**
   * The resources that the step is about: an ARN, where `*` stands for a part that is not known before (the name of an
   * object). The question is asked about a sample; the whole bounds what policies may permit for the step.
   */
  readonly scope: string;
  /** The holder whose ceiling the step raises, if not the principal: `account ID` for everything that an account's own IAM lets in. */
  readonly holder?: string;
}

export interface Intent {
  /** `consumer fraud-scoring readOffline payments`; once in an environment. */
  readonly id: string;
  /** In words: "consumer fraud-scoring". */
  readonly actor: string;
  /** Allowed: every step must be, in order. Denied: each step must be, on its own. */
  readonly expect: "allowed" | "denied";
  /** In words, after the actor: "may read feature group payments offline". */
  readonly says: string;
  /** Key of the settings that asks for it: `consumers.fraud-scoring.access.payments`. */
  readonly setting?: string;
  readonly steps: readonly Step[];
}

/** The context that all intents of an environment share. */
export interface IntentContext {
  readonly strangers: StrangerFacts;
  /** False if the settings ask for the documents' own, broader policies (`policyMode: documented`). */
  readonly exact: boolean;
}

/** The name of a holder that is a whole account. @param account 12 digits */
export function accountHolder(account: string): string {
  return `account ${account}`;
}

export interface GroupFacts {
  readonly name: string;
  readonly arn: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly online: boolean;
  /** Keys of the online and the offline store, where the group has customer managed ones. */
  readonly onlineKeyArn?: string;
  readonly offlineKeyArn?: string;
  /** The offline store's bucket. */
  readonly bucketArn?: string;
  /** Prefix of its offline objects in the bucket: `prefix/.../data`. */
  readonly dataPrefix?: string;
  readonly table?: TableFacts;
  readonly iceberg: boolean;
  /** The role that it names for Feature Store to write its offline store. */
  readonly roleArn?: string;
  /** All its tags, including those of every resource. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface TableFacts {
  readonly database: string;
  readonly name: string;
}

export interface StoreFacts {
  readonly partition: string;
  readonly region: string;
  /** 12 digits: of the feature groups. */
  readonly account: string;
  /** 12 digits: of the bucket. */
  readonly bucketAccount: string;
  readonly roleArn: string;
  readonly bucketArn: string;
  /** Without a slash at either end; empty for the whole bucket. */
  readonly prefix: string;
  readonly groups: readonly GroupFacts[];
  /** The keys, each once. */
  readonly keyArns: readonly string[];
  /** Keys that the account's IAM may let principals use through SageMaker only. */
  readonly viaSageMakerKeyArns?: readonly string[];
  /** False: SageMaker's service principal may not read the store's own keys. */
  readonly serviceReadsKeys?: boolean;
  readonly keyAdministrators: readonly string[];
  readonly additionalWriterRoleArns: readonly string[];
  /** The role that may act as the store's role to verify it, if any. */
  readonly verifierArn?: string;
  /** Top-level key in the settings: `offlineStore`. */
  readonly setting: string;
}

/** Accounts and principals that are not in the settings. */
export interface StrangerFacts {
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
}
