/** A consumer, as its intents know it: its facts, its words, and the context that it sends when it assumes its role. */
import type { RequestContext } from "@feature-store-access/iam";
import { each } from "../../intents/steps";
import type { Intent, Step, StoreFacts } from "../../intents/types";

export type Access = "readOnline" | "readOffline" | "write";

export interface AssumedRoleFacts {
  /** The central store, of account B. */
  readonly store: StoreFacts;
  readonly consumers: readonly ConsumerFacts[];
}

export interface ConsumerFacts {
  readonly name: string;
  /** 12 digits: the account of its workloads. */
  readonly account: string;
  readonly executionRoleArn: string;
  /** False for an existing execution role. */
  readonly executionRoleMade: boolean;
  /** The role of account B that it assumes. */
  readonly roleArn: string;
  readonly externalId?: string;
  /** `o-...` */
  readonly organizationId?: string;
  readonly trustSageMaker: boolean;
  readonly verifierArn?: string;
  readonly workgroupArn: string;
  readonly results: {
    readonly bucketArn: string;
    readonly prefix: string;
    readonly keyArn?: string;
    /** True: its owner writes its policy, which is not in the model. */
    readonly existing: boolean;
  };
  /** ARN pattern of the objects that the workgroup writes, if it sets a location. */
  readonly workgroupWrites?: string;
  /** By feature group: the access that the settings give it by name or by tags. */
  readonly access: Readonly<Record<string, readonly Access[]>>;
  /** Records of all groups that have all of an entry's tags. */
  readonly byTags: readonly {
    readonly tags: Readonly<Record<string, string>>;
    readonly permissions: readonly Access[];
  }[];
}

export const ACCESS: readonly Access[] = ["readOnline", "readOffline", "write"];
export const RECORD_ACTIONS: Readonly<Record<"readOnline" | "write", readonly string[]>> = {
  readOnline: ["sagemaker:GetRecord", "sagemaker:BatchGetRecord"],
  write: ["sagemaker:PutRecord", "sagemaker:DeleteRecord"],
};
const WORDS: Readonly<Record<Access, string>> = {
  readOnline: "read feature group GROUP online",
  readOffline: "read feature group GROUP offline",
  write: "write feature group GROUP",
};

export const accessWords = (access: Access, group: string) => WORDS[access].replace("GROUP", group);
export const actorOf = ({ name }: Pick<ConsumerFacts, "name">) => `consumer ${name}`;

/** The access to a group that the settings give the consumer. */
export function accessTo({ access }: ConsumerFacts, group: string): readonly Access[] {
  return Object.hasOwn(access, group) ? (access[group] ?? []) : [];
}

/** An intent of a consumer. @param id its part after the consumer's name */
export function intentOf(
  consumer: ConsumerFacts,
  id: string,
  expect: Intent["expect"],
  says: string,
  steps: readonly Step[],
  { actor = actorOf(consumer), setting = `consumers.${consumer.name}` }: Partial<Intent> = {},
): Intent {
  return { id: `consumer ${consumer.name} ${id}`, actor, expect, says, setting, steps };
}

/** The context of a request to assume the role. */
export function bringing({ externalId, organizationId }: ConsumerFacts): RequestContext {
  return {
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(organizationId === undefined ? {} : { "aws:PrincipalOrgID": organizationId }),
  };
}

export function assuming(consumer: ConsumerFacts): Step[] {
  const { executionRoleArn, roleArn } = consumer;
  const more = { context: bringing(consumer), knownPoliciesOnly: true };
  return each(executionRoleArn, ["sts:AssumeRole"], roleArn, more);
}
