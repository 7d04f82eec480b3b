/** The role of account B that one consumer assumes, and the Athena workgroup that its queries run in. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type {
  CentralStoreContract,
  ConsumerContract,
  CrossAccountRoleContract,
  Wired,
} from "../../contracts";
import { crossAccountTrustPolicy, type CrossAccountAccessFacts } from "./policies/crossAccountRole";
import { documentedManagedPolicyArns, documentedResultsPolicy } from "./policies/documentedCrossAccountRole";
import { accessDocuments, planAccess } from "../../policies/fitting";
import { plannedAccessFacts } from "../../quotas";
import { accessByGroup, accountOf, type ConsumerSettings, type Settings } from "../../settings";
import { wiredKey } from "../../storeKey";

export interface CrossAccountRoleArgs {
  settings: Settings;
  consumer: ConsumerSettings;
  /** What stages `centralStore` and `consumer` give. */
  centralStore: Wired<CentralStoreContract>;
  consumerSide: Wired<ConsumerContract>;
}

export class CrossAccountRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  /** Unique ID of the role: another, if the role was made again. */
  readonly roleId: pulumi.Output<string>;
  readonly workgroup: pulumi.Output<string>;
  readonly resultsLocation: pulumi.Output<string>;

  constructor(name: string, args: CrossAccountRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:CrossAccountRole", name, {}, opts);

    this.resultsLocation = pulumi.interpolate`s3://${args.consumerSide.resultsBucketName}/${args.consumer.resultsBucket.prefix}/`;
    const role = this.createRole(name, args);
    const workgroup = this.createWorkgroup(name, args);
    const access = this.grant(name, args, role, workgroup);

    // Who is given the role uses it at once: by then it has to have its permissions.
    this.roleArn = pulumi
      .all([role.arn, ...access.map(({ id }): pulumi.Output<string> => id)])
      .apply((known) => known[0] as string);
    this.roleId = role.uniqueId;
    // Its name is made up anew in each preview until it exists: the ARN is known only then.
    this.workgroup = workgroup.arn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1));
    this.registerOutputs(this.contract());
  }

  /** What the stage gives. */
  contract(): { [K in keyof CrossAccountRoleContract]: pulumi.Output<CrossAccountRoleContract[K]> } {
    const { roleArn, roleId, workgroup, resultsLocation } = this;
    return { roleArn, roleId, workgroup, resultsLocation };
  }

  private createRole(name: string, { consumer, consumerSide }: CrossAccountRoleArgs): aws.iam.Role {
    const { externalId, organizationId, trustSageMaker } = consumer;
    return new aws.iam.Role(
      `${name}-role`,
      {
        description: `Consumer ${consumer.name} of the central feature store assumes this role`,
        assumeRolePolicy: pulumi
          .all([consumerSide.executionRoleArn, consumerSide.executionRoleId])
          .apply(([executionRoleArn, executionRoleId]) =>
            JSON.stringify(
              crossAccountTrustPolicy({
                executionRoleArn,
                executionRoleId,
                externalId,
                organizationId,
                trustSageMaker,
              }),
            ),
          ),
      },
      { parent: this },
    );
  }

  /** Results go where the workgroup says, whatever a query asks for, and only into a bucket of the consumer's account. */
  private createWorkgroup(name: string, { settings, consumer }: CrossAccountRoleArgs): aws.athena.Workgroup {
    const { keyArn } = consumer.resultsBucket;
    return new aws.athena.Workgroup(
      `${name}-workgroup`,
      {
        description: `Queries of consumer ${consumer.name} on the central feature store`,
        forceDestroy: true,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          resultConfiguration: {
            outputLocation: this.resultsLocation,
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

  private grant(
    name: string,
    args: CrossAccountRoleArgs,
    { name: role }: aws.iam.Role,
    workgroup: aws.athena.Workgroup,
  ): pulumi.CustomResource[] {
    const facts = accessFacts(args, workgroup);
    const { settings, consumer } = args;
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
    // The settings say how many documents there are: by then AWS's own names have stand-ins of the same length.
    const plan = planAccess(plannedAccessFacts(settings, consumer));
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

function accessFacts(
  { settings, consumer, centralStore, consumerSide }: CrossAccountRoleArgs,
  workgroup: aws.athena.Workgroup,
): pulumi.Output<CrossAccountAccessFacts> {
  const { partition, region, id: account } = accountOf(settings, "B");
  const { prefix, keyArn } = consumer.resultsBucket;
  const granted = accessByGroup(settings, consumer);
  const { online = "own", offline = "own" } = settings.centralStore?.keys ?? {};
  return pulumi
    .output({
      groups: centralStore.featureGroups,
      bucketArn: centralStore.bucketArn,
      onlineKeyArn: wiredKey("centralStore", online, centralStore.onlineKeyArn),
      offlineKeyArn: wiredKey("centralStore", offline, centralStore.offlineKeyArn),
      workgroupArn: workgroup.arn,
      resultsBucketArn: consumerSide.resultsBucketArn,
    })
    .apply(({ groups, resultsBucketArn, ...known }) => ({
      ...known,
      partition,
      region,
      account,
      results: {
        bucketArn: resultsBucketArn,
        prefix,
        account: accountOf(settings, consumer.account).id,
        keyArn,
      },
      byTags: consumer.accessByTags.map(({ tags, permissions }) => ({ tags, access: permissions })),
      groups: (settings.centralStore?.featureGroups ?? []).flatMap(({ name, onlineStore, tableFormat }) => {
        const access = ownValue(granted, name);
        if (!access) return [];
        const made = ownValue(groups, name);
        if (made) return [{ ...made, onlineStore, iceberg: tableFormat === "Iceberg", access }];
        throw new pulumi.RunError(
          `the central store has no feature group ${name} yet, which consumer ${consumer.name} is to use: update stage centralStore first`,
        );
      }),
    }));
}

/** Feature groups may have names such as `constructor`, which every object answers to. */
function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
