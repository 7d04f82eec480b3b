/** The resource types of @pulumi/aws that the provider has. */
import type { ResourceType } from "../resourceType";
import { notImplemented } from "../values";
import { bucket } from "./bucket";
import {
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketVersioning,
} from "./bucketConfigs";
import { bucketEncryption } from "./bucketEncryption";
import { bucketLifecycle } from "./bucketLifecycle";
import { eventRule, eventTarget } from "./events";
import { featureGroup } from "./featureGroup";
import { alias } from "./kmsAlias";
import { key } from "./kmsKey";
import { metricAlarm } from "./metricAlarm";
import { policy } from "./policy";
import { role } from "./role";
import { rolePolicy } from "./rolePolicy";
import { rolePolicyAttachment } from "./rolePolicyAttachment";
import { topic, topicPolicy, topicSubscription } from "./sns";
import { queue, queuePolicy } from "./sqs";
import { trail } from "./trail";
import { workgroup } from "./workgroup";

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

/** @throws Error that names a type that the provider lacks */
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
