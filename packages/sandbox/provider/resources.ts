/** The resource types of @pulumi/aws that the provider has. */
import type { ResourceType } from "./resourceType";
import { notImplemented } from "./values";
import { bucket } from "./resources/bucket";
import {
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketVersioning,
} from "./resources/bucketConfigs";
import { bucketEncryption } from "./resources/bucketEncryption";
import { bucketLifecycle } from "./resources/bucketLifecycle";
import { eventRule, eventTarget } from "./resources/events";
import { featureGroup } from "./resources/featureGroup";
import { alias } from "./resources/kmsAlias";
import { key } from "./resources/kmsKey";
import { metricAlarm } from "./resources/metricAlarm";
import { policy } from "./resources/policy";
import { role } from "./resources/role";
import { rolePolicy } from "./resources/rolePolicy";
import { rolePolicyAttachment } from "./resources/rolePolicyAttachment";
import { topic, topicPolicy, topicSubscription } from "./resources/sns";
import { queue, queuePolicy } from "./resources/sqs";
import { trail } from "./resources/trail";
import { workgroup } from "./resources/workgroup";

const TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [
    role,
    rolePolicy,
    rolePolicyAttachment,
    policy,
    bucket,
    bucketPolicy,
    bucketPublicAccessBlock,
    bucketOwnershipControls,
    bucketEncryption,
    bucketVersioning,
    bucketLifecycle,
    key,
    alias,
    featureGroup,
    workgroup,
    trail,
    eventRule,
    eventTarget,
    metricAlarm,
    topic,
    topicPolicy,
    topicSubscription,
    queue,
    queuePolicy,
  ].map((type) => [type.token, type]),
);

/** @throws Error that names the type, for one that is not there */
export function resourceType(token: string): ResourceType {
  const found = TYPES.get(token);
  if (!found) throw new Error(notImplemented(token));
  return found;
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` -> the type's token and the logical name. */
export function fromUrn(urn: string): { token: string; name: string } {
  const [, , types = "", name = ""] = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/.exec(urn)?.slice(1) ?? [];
  return { token: types.slice(types.lastIndexOf("$") + 1), name };
}
