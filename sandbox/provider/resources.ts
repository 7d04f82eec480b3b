/** The resource types of @pulumi/aws that the provider has. */
import type { ResourceType } from "./resourceType";
import { bucket } from "./resources/bucket";
import {
  bucketEncryption,
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketVersioning,
} from "./resources/bucketConfigs";
import { bucketLifecycle } from "./resources/bucketLifecycle";
import { featureGroup } from "./resources/featureGroup";
import { policy, role, rolePolicy, rolePolicyAttachment } from "./resources/iam";
import { alias, key } from "./resources/kms";

const TYPES: readonly ResourceType[] = [
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
];

/** @throws Error that names the type, for one that is not there */
export function resourceType(token: string): ResourceType {
  const found = TYPES.find((type) => type.token === token);
  if (found) return found;
  throw new Error(
    `the sandbox's provider does not implement ${token}; use SANDBOX_PROVIDER=aws for the real provider`,
  );
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` -> the type's token and the logical name. */
export function fromUrn(urn: string): { token: string; name: string } {
  const [, , types = "", name = ""] = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/.exec(urn)?.slice(1) ?? [];
  return { token: types.slice(types.lastIndexOf("$") + 1), name };
}
