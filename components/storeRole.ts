/** The permissions of the role that Feature Store writes a store as. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  documentedWriterKeyPolicy,
  featureStoreManagedPolicyArn,
  writerAccessPolicy,
} from "./policies/writerRole";
import type { PolicyMode } from "./settings/types";
import type { StoreRoleFacts } from "./storeFacts";

export interface StoreRoleArgs {
  /** Name and unique ID of the role. */
  role: pulumi.Input<string>;
  roleId: pulumi.Input<string>;
  bucketArn: pulumi.Input<string>;
  /** ARN of the offline store's key; absent: AWS's own key of Amazon S3. */
  keyArn?: pulumi.Input<string>;
  facts: StoreRoleFacts;
  policyMode: PolicyMode;
}

/** Makes the role's inline policy: `NAME-access`, or for the documents' own, if there is a key, `NAME-key-access`. */
export function permitStoreRole(
  name: string,
  args: StoreRoleArgs,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const { role, roleId, bucketArn, keyArn, facts, policyMode } = args;
  if (policyMode === "documented") {
    if (keyArn === undefined) return [];
    const iceberg = facts.iceberg.tables.length > 0;
    const policy = pulumi
      .output({ keyArn, roleId })
      .apply((known) => JSON.stringify(documentedWriterKeyPolicy({ ...known, iceberg })));
    return [new aws.iam.RolePolicy(`${name}-key-access`, { role, policy }, { parent })];
  }
  const policy = pulumi
    .output({ roleId, bucketArn, keyArn })
    .apply((known) => JSON.stringify(writerAccessPolicy({ ...known, ...facts })));
  return [new aws.iam.RolePolicy(`${name}-access`, { role, policy }, { parent })];
}

/** Attaches AWS's own policy for Feature Store's roles, as the documents do: `NAME-store-access`. */
export function attachStoreAccess(
  name: string,
  role: pulumi.Input<string>,
  partition: string,
  parent: pulumi.Resource,
): pulumi.Resource {
  const policyArn = featureStoreManagedPolicyArn(partition);
  return new aws.iam.RolePolicyAttachment(`${name}-store-access`, { role, policyArn }, { parent });
}
