/** Account A's side of the offline store: the role that writes it, and the key that it is encrypted under. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import { documentedOfflineStoreKeyPolicy, offlineStoreKeyPolicy } from "../../policies/offlineStoreKey";
import { writerTrustPolicy } from "../../policies/writerRole";
import type { AccountSettings, PolicyMode } from "../../settings/types";
import { createStoreKeys } from "../../storeKey";
import { attachStoreAccess } from "../../storeRole";
import { offlineKeyFacts } from "./facts";
import type { WriterContract } from "./kinds";
import type { OfflineStoreSettings } from "./settings";

const roleName = (name: string) => `${name}-role`;
/** Logical names of the stage's component, and of the role that Feature Store writes as. */
export const WRITER = "writer";
export const WRITER_ROLE = roleName(WRITER);

export interface WriterArgs {
  store: OfflineStoreSettings;
  /** Account A, in which this component's provider acts. */
  place: AccountSettings;
  /** 12 digits: account B, whose IAM decides which of its principals read the offline store. */
  readerAccountId: string;
  /** True: account A's deployer may act as the writer, to verify what the writer may not do. */
  trustDeployer: boolean;
  policyMode: PolicyMode;
  /** Protects the key and keeps it when it leaves the program. */
  protectData: boolean;
}

export class Writer extends pulumi.ComponentResource {
  /** ARN of the role that CreateFeatureGroup is given. */
  readonly roleArn: pulumi.Output<string>;
  /** Unique ID of that role: another, if the role was made again. */
  readonly roleId: pulumi.Output<string>;
  /** ARN of the key that the offline store is encrypted under. */
  readonly keyArn: pulumi.Output<string>;
  /** ARN of the online stores' key; absent: AWS's own. */
  readonly onlineKeyArn?: pulumi.Output<string>;

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
    if (!keys.offlineKeyArn)
      throw new pulumi.RunError("an offline store in another account takes a key of its own");

    this.roleArn = role.arn;
    this.roleId = role.uniqueId;
    this.keyArn = keys.offlineKeyArn;
    if (keys.onlineKeyArn) this.onlineKeyArn = keys.onlineKeyArn;
    this.registerOutputs({ ...this.contract() });
  }

  /** The outputs of the stage. */
  contract(): Wired<WriterContract> {
    const { roleArn, roleId, keyArn, onlineKeyArn } = this;
    return { roleArn, roleId, keyArn, ...(onlineKeyArn ? { onlineKeyArn } : {}) };
  }

  private createRole(name: string, { place, trustDeployer, policyMode }: WriterArgs): aws.iam.Role {
    const verifierRoleArn = trustDeployer ? place.deployerRoleArn : undefined;
    const role = new aws.iam.Role(
      roleName(name),
      {
        description: "Amazon SageMaker Feature Store writes the offline store as this role",
        assumeRolePolicy: JSON.stringify(writerTrustPolicy({ verifierRoleArn })),
        // Its policies are of another stage, which knows the bucket: a replaced role goes with what it has.
        forceDetachPolicies: true,
      },
      { parent: this },
    );
    if (policyMode === "documented") attachStoreAccess(name, role.name, place.partition, this);
    return role;
  }

  private offlineKeyPolicy(args: WriterArgs, role: aws.iam.Role): pulumi.Output<string> {
    const { store, place, readerAccountId, policyMode } = args;
    const document = policyMode === "documented" ? documentedOfflineStoreKeyPolicy : offlineStoreKeyPolicy;
    return pulumi
      .output({ roleArn: role.arn, roleId: role.uniqueId })
      .apply((made) => JSON.stringify(document(offlineKeyFacts(store, place, readerAccountId, made))));
  }
}
