/** The role of account B that one consumer assumes, and the Athena workgroup that its queries run in. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import { accountOf, type SharedSettings } from "../../settings/types";
import { wiredKey } from "../../storeKey";
import { accessFacts, trustFacts } from "./facts";
import type { CentralStoreContract, ConsumerContract, CrossAccountRoleContract } from "./kinds";
import { accessDocuments, type AccessPlan } from "./policies/accessPlan";
import { crossAccountTrustPolicy } from "./policies/crossAccountRole";
import type { CrossAccountAccessFacts } from "./policies/facts";
import { documentedManagedPolicyArns, documentedResultsPolicy } from "./policies/documentedCrossAccountRole";
import type { CentralStoreSettings, ConsumerSettings } from "./settings";

const roleName = (name: string) => `${name}-role`;
const ofWorkgroup = (name: string) => `${name}-workgroup`;
/** Logical names of the component of a consumer's stage, of the role that the consumer assumes, and of its workgroup. */
export const crossAccountName = (consumer: string) => `cross-account-${consumer}`;
export const crossAccountRoleName = (consumer: string) => roleName(crossAccountName(consumer));
export const workgroupName = (consumer: string) => ofWorkgroup(crossAccountName(consumer));

export interface CrossAccountRoleArgs {
  settings: SharedSettings;
  store: CentralStoreSettings;
  consumer: ConsumerSettings;
  /** The split of the role's permissions: the number of documents is known before AWS names anything. */
  plan: AccessPlan;
  /** The outputs of stages `centralStore` and `consumer`. */
  centralStore: Wired<CentralStoreContract>;
  consumerSide: Wired<ConsumerContract>;
}

export class CrossAccountRole extends pulumi.ComponentResource {
  /** The outputs of its stage. */
  readonly outputs: Wired<CrossAccountRoleContract>;

  constructor(name: string, args: CrossAccountRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:CrossAccountRole", name, {}, opts);

    const { consumer, consumerSide } = args;
    const resultsLocation = pulumi.interpolate`s3://${consumerSide.resultsBucketName}/${consumer.resultsBucket.prefix}/`;
    const role = this.createRole(name, args);
    const workgroup = this.createWorkgroup(name, args, resultsLocation);
    const access = this.permit(name, args, role, workgroup);

    this.outputs = {
      // Others use the role as soon as its ARN is known, so it needs its permissions by then.
      roleArn: pulumi
        .all([role.arn, ...access.map(({ id }): pulumi.Output<string> => id)])
        .apply((known) => known[0] as string),
      roleId: role.uniqueId,
      // The name comes from the ARN, which is unknown until the workgroup exists: until then every preview generates another name.
      workgroup: workgroup.arn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
      resultsLocation,
    };
    this.registerOutputs(this.outputs);
  }

  private createRole(name: string, { consumer, consumerSide }: CrossAccountRoleArgs): aws.iam.Role {
    const { executionRoleArn, executionRoleId } = consumerSide;
    return new aws.iam.Role(
      roleName(name),
      {
        description: `Consumer ${consumer.name} of the central feature store assumes this role`,
        assumeRolePolicy: pulumi
          .output({ executionRoleArn, executionRoleId })
          .apply((role) => JSON.stringify(crossAccountTrustPolicy(trustFacts(consumer, role)))),
      },
      { parent: this },
    );
  }

  /** Results go to the workgroup's location, whatever a query asks for, and only into a bucket of the consumer's account. */
  private createWorkgroup(
    name: string,
    { settings, consumer }: CrossAccountRoleArgs,
    resultsLocation: pulumi.Output<string>,
  ): aws.athena.Workgroup {
    const { keyArn } = consumer.resultsBucket;
    return new aws.athena.Workgroup(
      ofWorkgroup(name),
      {
        description: `Queries of consumer ${consumer.name} on the central feature store`,
        forceDestroy: true,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          resultConfiguration: {
            outputLocation: resultsLocation,
            expectedBucketOwner: accountOf(settings, consumer.account).id,
            encryptionConfiguration:
              keyArn === undefined
                ? { encryptionOption: "SSE_S3" }
                : { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn },
          },
        },
      },
      { parent: this },
    );
  }

  private permit(
    name: string,
    args: CrossAccountRoleArgs,
    { name: role }: aws.iam.Role,
    workgroup: aws.athena.Workgroup,
  ): pulumi.CustomResource[] {
    const facts = knownFacts(args, workgroup);
    const { settings, plan } = args;
    if (settings.policyMode === "documented") {
      const policy = facts.apply((known) => JSON.stringify(documentedResultsPolicy(known)));
      const managed = documentedManagedPolicyArns(accountOf(settings, "B").partition).map(
        (policyArn) =>
          new aws.iam.RolePolicyAttachment(
            `${name}-${policyArn.slice(policyArn.lastIndexOf("/") + 1)}`,
            { role, policyArn },
            { parent: this },
          ),
      );
      return [...managed, new aws.iam.RolePolicy(`${name}-results`, { role, policy }, { parent: this })];
    }
    const document = (index: number) =>
      facts.apply((known) => JSON.stringify(accessDocuments(known, plan)[index]));
    if (plan.kind === "inline")
      return [new aws.iam.RolePolicy(`${name}-access`, { role, policy: document(0) }, { parent: this })];
    return [undefined, ...plan.parts].flatMap((_, index): pulumi.CustomResource[] => {
      const logicalName = `${name}-access-${index + 1}`;
      const part = new aws.iam.Policy(logicalName, { policy: document(index) }, { parent: this });
      const attached = { role, policyArn: part.arn };
      return [part, new aws.iam.RolePolicyAttachment(logicalName, attached, { parent: this })];
    });
  }
}

function knownFacts(
  { settings, store, consumer, centralStore, consumerSide }: CrossAccountRoleArgs,
  workgroup: aws.athena.Workgroup,
): pulumi.Output<CrossAccountAccessFacts> {
  const { featureGroups, bucketArn } = centralStore;
  return pulumi
    .output({
      featureGroups,
      bucketArn,
      onlineKeyArn: wiredKey("centralStore", store.keys.online, centralStore.onlineKeyArn),
      offlineKeyArn: wiredKey("centralStore", store.keys.offline, centralStore.offlineKeyArn),
      workgroupArn: workgroup.arn,
      resultsBucketArn: consumerSide.resultsBucketArn,
    })
    .apply((values) => accessFacts(settings, store, consumer, values));
}
