/** What the intents of a consumer share: its words, and what it brings when it assumes its role. */
import type { RequestContext } from "@feature-store-access/iam";
import type { ConsumerFacts, Step } from "./types";

export type Permission = "readOnline" | "readOffline" | "write";

export const RECORD_ACTIONS: Readonly<Record<"readOnline" | "write", readonly string[]>> = {
  readOnline: ["sagemaker:GetRecord", "sagemaker:BatchGetRecord"],
  write: ["sagemaker:PutRecord", "sagemaker:DeleteRecord"],
};
export const TABLE_ACTIONS = [
  "glue:GetTable",
  "glue:GetPartition",
  "glue:GetPartitions",
  "glue:BatchGetPartition",
];
export const WORDS: Readonly<Record<Permission, string>> = {
  readOnline: "read feature group GROUP online",
  readOffline: "read feature group GROUP offline",
  write: "write feature group GROUP",
};

export const actorOf = ({ name }: ConsumerFacts) => `consumer ${name}`;

/** What whoever assumes the role brings. */
export function bringing({ externalId, organizationId }: ConsumerFacts): RequestContext {
  return {
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(organizationId === undefined ? {} : { "aws:PrincipalOrgID": organizationId }),
  };
}

export function assuming(consumer: ConsumerFacts): Step {
  const { executionRoleArn: principal, roleArn: scope } = consumer;
  return { principal, action: "sts:AssumeRole", scope, context: bringing(consumer), knownPoliciesOnly: true };
}
