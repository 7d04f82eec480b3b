/** Account A's side of the offline store: the role that writes it, and the key that it is encrypted under. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import { documentedOfflineStoreKeyPolicy, offlineStoreKeyPolicy } from "../../policies/offlineStoreKey";
import { writerTrustPolicy } from "../../policies/writerRole";
import type { AccountSettings, SharedSettings } from "../../settings/types";
import { createStoreKeys } from "../../storeKey";
import { attachStoreAccess } from "../../storeRole";
import { offlineKeyFacts } from "./facts";
import type { WriterContract } from "./kinds";
import type { OfflineStoreSettings } from "./settings";

const roleName = (name: string) => `${name}-role`;
/** Logical names of the stage's component, and of the role that Feature Store writes as. */
export const WRITER = "writer";
export const WRITER_ROLE = roleName(WRITER);

export interface WriterArgs extends Pick<SharedSettings, "policyMode" | "protectData" | "verification"> {
  store: OfflineStoreSettings;
  /** Account A, in which this component's provider acts. */
  place: AccountSettings;
  /** Account B, whose IAM decides which of its principals read the offline store. */
  readerAccount: AccountSettings;
}

export class Writer extends pulumi.ComponentResource {
  /** The outputs of its stage. */
  readonly outputs: Wired<WriterContract>;

  constructor(name: string, args: WriterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:offline-store:Writer", name, {}, opts);

    const role = this.createRole(name, args);
    const keys = createStoreKeys(
      {
        ...args,
        names: { online: `${name}-online`, offline: name },
        offlinePolicy: this.offlineKeyPolicy(args, role),
      },
      this,
    );
    const { offlineKeyArn: keyArn, onlineKeyArn } = keys;
    if (!keyArn) throw new pulumi.RunError("an offline store in another account takes a key of its own");

    const { arn: roleArn, uniqueId: roleId } = role;
    this.outputs = { roleArn, roleId, keyArn, ...(onlineKeyArn ? { onlineKeyArn } : {}) };
    this.registerOutputs(this.outputs);
  }

  private createRole(name: string, { place, verification, policyMode }: WriterArgs): aws.iam.Role {
    const verifierRoleArn = verification.trustDeployer ? place.deployerRoleArn : undefined;
    const role = new aws.iam.Role(
      roleName(name),
      {
        description: "Amazon SageMaker Feature Store writes the offline store as this role",
        assumeRolePolicy: JSON.stringify(writerTrustPolicy({ verifierRoleArn })),
        // Another stage, which knows the bucket, attaches its policies: replacing the role has to detach them.
        forceDetachPolicies: true,
      },
      { parent: this },
    );
    if (policyMode === "documented") attachStoreAccess(name, role.name, place.partition, this);
    return role;
  }

  private offlineKeyPolicy(args: WriterArgs, role: aws.iam.Role): pulumi.Output<string> {
    const { store, place, readerAccount, policyMode } = args;
    const document = policyMode === "documented" ? documentedOfflineStoreKeyPolicy : offlineStoreKeyPolicy;
    return pulumi
      .output({ roleArn: role.arn, roleId: role.uniqueId })
      .apply((made) => JSON.stringify(document(offlineKeyFacts(store, place, readerAccount.id, made))));
  }
}
