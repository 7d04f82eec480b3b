/** Account A's side of the offline store: the identity that writes it, and the key that it is encrypted under. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dataOptions } from "../dataOptions";
import { documentedOfflineStoreKeyPolicy, offlineStoreKeyPolicy } from "../policies/offlineStoreKey";
import { writerTrustPolicy } from "../policies/writerRole";
import type { PolicyMode } from "../settings";

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
  /** Days, 7 to 30, between the key's deletion being asked for and done. */
  keyDeletionWindowDays?: pulumi.Input<number>;
  policyMode: PolicyMode;
  /** Protects the key and keeps it when it leaves the program. */
  protectData: boolean;
}

export class Writer extends pulumi.ComponentResource {
  /** ARN of the role that CreateFeatureGroup is given. */
  readonly roleArn: pulumi.Output<string>;
  /** Name of that role, for policies that are attached to it. */
  readonly roleName: pulumi.Output<string>;
  /** ARN of the key that the offline store is encrypted under. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: WriterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:offline-store:Writer", name, {}, opts);

    const role = this.createRole(name, args);
    const key = this.createKey(name, args, role);
    this.createAlias(name, key);

    this.roleArn = role.arn;
    this.roleName = role.name;
    this.keyArn = key.arn;
    this.registerOutputs({ roleArn: this.roleArn, keyArn: this.keyArn });
  }

  private createRole(name: string, { verifierRoleArn }: WriterArgs): aws.iam.Role {
    return new aws.iam.Role(
      `${name}-role`,
      {
        description: "Amazon SageMaker Feature Store writes the offline store as this role",
        assumeRolePolicy: JSON.stringify(writerTrustPolicy({ verifierRoleArn })),
      },
      { parent: this },
    );
  }

  private createKey(name: string, args: WriterArgs, role: aws.iam.Role): aws.kms.Key {
    const {
      partition,
      region,
      accountId,
      readerAccountId,
      keyAdministrators = [],
      additionalWriterRoleArns = [],
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
    return new aws.kms.Key(
      `${name}-key`,
      {
        description: "Offline store of Amazon SageMaker Feature Store",
        enableKeyRotation: true,
        deletionWindowInDays: args.keyDeletionWindowDays,
        policy: pulumi.all([pulumi.output(facts), role.arn]).apply(([known, roleArn]) =>
          JSON.stringify(
            document({
              partition: known.partition,
              region: known.region,
              keyAccount: known.accountId,
              readerAccount: known.readerAccountId,
              writerRoleArns: [roleArn, ...known.additionalWriterRoleArns],
              administratorRoleArns: known.keyAdministrators,
            }),
          ),
        ),
        // AWS names a key by a number of its own: this tag, unique to stack and key, tells it if a run is cut off.
        tags: { "feature-store-access:key": `${pulumi.getProject()}/${pulumi.getStack()}/${name}-key` },
      },
      { parent: this, ...dataOptions(args.protectData) },
    );
  }

  private createAlias(name: string, key: aws.kms.Key): aws.kms.Alias {
    const alias = `alias/${pulumi.getProject()}/${pulumi.getStack()}/${name}`.replace(
      /[^a-zA-Z0-9/_-]/g,
      "-",
    );
    return new aws.kms.Alias(`${name}-alias`, { name: alias, targetKeyId: key.keyId }, { parent: this });
  }
}
