/** What the settings mean: who must be able to do what, and who must not. */
import type { Question } from "../ask";

export interface Step extends Omit<Question, "resource"> {
  /**
   * The resources that the step is about: an ARN, whose `*` stands for what is not known before (the name of an object).
   * It is asked of a sample, and bounds what may be granted for it.
   */
  readonly scope: string;
  /** Whose ceiling it raises, if not the principal's: `account ID` for all that an account's own IAM lets in. */
  readonly holder?: string;
}

export interface Intent {
  /** `consumer fraud-scoring readOffline payments`. */
  readonly id: string;
  /** Who, in words: "consumer fraud-scoring". */
  readonly actor: string;
  /** Allowed: every step must be, one after the other. Denied: each step must be, by itself. */
  readonly expect: "allowed" | "denied";
  /** What, in words: "may read feature group payments offline". */
  readonly says: string;
  /** Where the settings say so: `consumers.fraud-scoring.access.payments`. */
  readonly setting?: string;
  readonly steps: readonly Step[];
}

/** An actor's ceiling stands under this name for accounts as a whole. */
export function accountHolder(account: string): string {
  return `account ${account}`;
}

export interface GroupFacts {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly online: boolean;
  /** Keys of the online and the offline store, where it has one of the account's own. */
  readonly onlineKeyArn?: string;
  readonly offlineKeyArn?: string;
  /** Of the offline store. */
  readonly bucketArn?: string;
  /** Where its offline objects are in the bucket: `prefix/.../data`. */
  readonly dataPrefix?: string;
  readonly table?: { readonly database: string; readonly name: string };
  readonly iceberg: boolean;
  /** The role that it names for Feature Store to write its offline store. */
  readonly roleArn?: string;
  /** All that it carries, those of every resource too. */
  readonly tags?: Readonly<Record<string, string>>;
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
  readonly prefix: string;
  readonly groups: readonly GroupFacts[];
  /** The keys, each once. */
  readonly keyArns: readonly string[];
  /** Those that the account's IAM lets be used through SageMaker only. */
  readonly viaSageMakerKeyArns?: readonly string[];
  /** False: SageMaker's service principal is not to look at keys that are made here. */
  readonly serviceReadsKeys?: boolean;
  readonly keyAdministrators: readonly string[];
  readonly additionalWriterRoleArns: readonly string[];
  /** Who may act as the store's role to verify it, if anybody. */
  readonly verifierArn?: string;
  /** Top-level key in the settings. */
  readonly setting: "offlineStore" | "centralStore";
}

export interface ConsumerFacts {
  readonly name: string;
  readonly account: string;
  readonly executionRoleArn: string;
  /** False for an execution role that was there before. */
  readonly executionRoleMade: boolean;
  readonly roleArn: string;
  readonly externalId?: string;
  readonly organizationId?: string;
  readonly trustSageMaker: boolean;
  readonly verifierArn?: string;
  readonly workgroupArn: string;
  readonly results: {
    readonly bucketArn: string;
    readonly prefix: string;
    readonly keyArn?: string;
    /** True: its policy is its owner's, and not in the model. */
    readonly existing: boolean;
  };
  /** ARN's pattern of the objects that the workgroup writes, if it says where. */
  readonly workgroupWrites?: string;
  /** By feature group, by its name or by the tags that the settings give it. */
  readonly access: Readonly<Record<string, readonly ("readOnline" | "readOffline" | "write")[]>>;
  /** Records of whatever groups carry all of an entry's tags. */
  readonly byTags: readonly {
    readonly tags: Readonly<Record<string, string>>;
    readonly permissions: readonly ("readOnline" | "readOffline" | "write")[];
  }[];
}

/** Accounts and principals that belong to nobody in the settings. */
export interface StrangerFacts {
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
}
