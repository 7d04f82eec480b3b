/** Account A's side of the offline store: the identity that writes it, and the key that it is encrypted under. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { documentedOfflineStoreKeyPolicy, offlineStoreKeyPolicy } from "../../policies/offlineStoreKey";
import { documentedOnlineStoreKeyPolicy, onlineStoreKeyPolicy } from "../../policies/onlineStoreKey";
import { featureStoreManagedPolicyArn, writerTrustPolicy } from "../../policies/writerRole";
import type { KeySettings, PolicyMode } from "../../settings";
import { createStoreKey, storeKeys } from "../../storeKey";

export interface WriterArgs {
  /** Partition, region and 12-digit ID of account A, in which this component's provider acts. */
  partition: pulumi.Input<string>;
  region: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** 12 digits: account B, whose IAM decides who of it reads the offline store. */
  readerAccountId: pulumi.Input<string>;
  /** ARNs of further roles of account A that write under the same key. */
  additionalWriterRoleArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** ARNs of roles that administer the key, besides those whom account A's IAM allows to. */
  keyAdministrators?: pulumi.Input<pulumi.Input<string>[]>;
  /** ARN of a role that may act as the writer, to verify what the writer may not do. */
  verifierRoleArn?: string;
  /** Which keys the stores use, and how those that are made here are. */
  keys: KeySettings;
  /** Days, 7 to 30, between the key's deletion being asked for and done. */
  keyDeletionWindowDays?: pulumi.Input<number>;
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
    const keys = storeKeys(args.keys, {
      online: () => this.createOnlineKey(`${name}-online`, args),
      offline: () => this.createKey(name, args, role),
    });
    if (!keys.offline)
      throw new pulumi.RunError("an offline store in another account takes a key of its own");

    this.roleArn = role.arn;
    this.roleId = role.uniqueId;
    this.keyArn = keys.offline;
    if (keys.online) this.onlineKeyArn = keys.online;
    this.registerOutputs(this.contract());
  }

  /** What the stage gives. */
  contract(): Record<string, pulumi.Output<string>> {
    const { roleArn, roleId, keyArn, onlineKeyArn } = this;
    return { roleArn, roleId, keyArn, ...(onlineKeyArn ? { onlineKeyArn } : {}) };
  }

  private createRole(name: string, { partition, verifierRoleArn, policyMode }: WriterArgs): aws.iam.Role {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Amazon SageMaker Feature Store writes the offline store as this role",
        assumeRolePolicy: JSON.stringify(writerTrustPolicy({ verifierRoleArn })),
        // Its policies are of another stage, which knows the bucket: a replaced role goes with what it has.
        forceDetachPolicies: true,
      },
      { parent: this },
    );
    if (policyMode === "documented")
      new aws.iam.RolePolicyAttachment(
        `${name}-store-access`,
        { role: role.name, policyArn: pulumi.output(partition).apply(featureStoreManagedPolicyArn) },
        { parent: this },
      );
    return role;
  }

  private createKey(name: string, args: WriterArgs, role: aws.iam.Role): aws.kms.Key {
    const {
      partition,
      region,
      accountId,
      readerAccountId,
      keyAdministrators = [],
      additionalWriterRoleArns = [],
      keys: { sageMakerReads },
    } = args;
    const document =
      args.policyMode === "documented" ? documentedOfflineStoreKeyPolicy : offlineStoreKeyPolicy;
    const facts = {
      partition,
      region,
      accountId,
      readerAccountId,
      keyAdministrators,
      additionalWriterRoleArns,
    };
    const policy = pulumi
      .all([pulumi.output(facts), role.arn, role.uniqueId])
      .apply(([known, roleArn, roleId]) =>
        JSON.stringify(
          document({
            partition: known.partition,
            region: known.region,
            keyAccount: known.accountId,
            readerAccount: known.readerAccountId,
            writerRoleArns: [roleArn, ...known.additionalWriterRoleArns],
            writerRoleId: roleId,
            administratorRoleArns: known.keyAdministrators,
            sageMakerReads,
          }),
        ),
      );
    const description = "Offline store of Amazon SageMaker Feature Store";
    return createStoreKey(name, { description, policy, ...keyArgs(args) }, this);
  }

  private createOnlineKey(name: string, args: WriterArgs): aws.kms.Key {
    const { partition, accountId, keyAdministrators = [], policyMode, keys } = args;
    const document = policyMode === "documented" ? documentedOnlineStoreKeyPolicy : onlineStoreKeyPolicy;
    const { sageMakerReads, viaService } = keys;
    const policy = pulumi
      .output({ partition, accountId, keyAdministrators })
      .apply(({ partition: of, accountId: keyAccount, keyAdministrators: administratorRoleArns }) =>
        JSON.stringify(
          document({ partition: of, keyAccount, administratorRoleArns, sageMakerReads, viaService }),
        ),
      );
    const description = "Online store of Amazon SageMaker Feature Store";
    return createStoreKey(name, { description, policy, ...keyArgs(args) }, this);
  }
}

function keyArgs({ keyDeletionWindowDays: deletionWindowDays, keys, protectData }: WriterArgs) {
  const { enableRotation, multiRegion } = keys;
  return { deletionWindowDays, enableRotation, multiRegion, protectData };
}
