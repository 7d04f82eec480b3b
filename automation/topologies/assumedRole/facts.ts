/** Facts of consumers from settings and an access model, and settings of consumers from deployed contracts. */
import type { AccessModel, ModelResource } from "../../../access/model";
import type { ConsumerFacts } from "../../../access/topologies/assumedRole/consumer";
import { parseStage } from "../../../components/stage";
import { accountOf, type Settings } from "../../../components/settings";
import {
  effectiveAccess,
  kinds,
  ref,
  type ConsumerGrantsContract,
  type ConsumerSettings,
} from "../../../components/topologies/assumed-role";
import { resourceIn, roleIn } from "../modelFacts";
import type { Contracts } from "../contracts";

/** @returns undefined if the model lacks one of the consumer's roles, or its workgroup */
export function consumerFacts(
  settings: Settings,
  model: AccessModel,
  consumer: ConsumerSettings,
): ConsumerFacts | undefined {
  const { name, externalId, organizationId, trustSageMaker, executionRoleArn, accessByTags } = consumer;
  const { id: account, partition, deployerRoleArn } = accountOf(settings, consumer.account);
  const { name: roleStage } = ref("crossAccountRole", name);
  const execution = roleIn(model, ref("consumer", name).name);
  const role = roleIn(model, roleStage);
  const workgroup = resourceIn(model, "workgroup", roleStage);
  const executionArn = execution?.arn ?? executionRoleArn;
  if (executionArn === undefined || !role || !workgroup) return undefined;
  const { prefix, keyArn, existing, name: bucketName } = consumer.resultsBucket;
  const bucketArn = `arn:${partition}:s3:::${bucketName}`;
  return {
    name,
    account,
    executionRoleArn: executionArn,
    executionRoleMade: execution !== undefined,
    roleArn: role.arn,
    trustSageMaker,
    workgroupArn: workgroup.arn,
    ...outputOf(workgroup),
    results: { bucketArn, prefix, existing, ...(keyArn ? { keyArn } : {}) },
    access: effectiveAccess(settings, consumer),
    byTags: accessByTags,
    ...(externalId === undefined ? {} : { externalId }),
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(settings.verification.trustDeployer ? { verifierArn: deployerRoleArn } : {}),
  };
}

function outputOf({ arn, properties }: ModelResource): Pick<ConsumerFacts, "workgroupWrites"> {
  const { configuration } = properties as {
    configuration?: { resultConfiguration?: { outputLocation?: string } };
  };
  const [, place] = /^s3:\/\/(.+?)\/?$/.exec(configuration?.resultConfiguration?.outputLocation ?? "") ?? [];
  const [, partition = "aws"] = arn.split(":");
  return place === undefined ? {} : { workgroupWrites: `arn:${partition}:s3:::${place}/*` };
}

/** The settings with the deployed consumers, including removed ones, each with its deployed access. */
export function consumersAsDeployed(settings: Settings, contracts: Contracts): Settings {
  const accounts = { ...settings.accounts };
  const consumers = Object.entries(contracts).flatMap(([stage, outputs]): ConsumerSettings[] => {
    const { kind, of: name } = parseStage(kinds, stage) ?? {};
    const contract = kinds.consumerGrants.contract.safeParse(outputs).data;
    if (kind !== kinds.consumerGrants || name === undefined || !contract) return [];
    const known = settings.consumers.find((consumer) => consumer.name === name);
    const consumer = known ?? removedConsumer(name, contract);
    // An account that was removed with its consumer is known only from the role's ARN.
    const [, partition = "aws", , , id = ""] = contract.executionRoleArn.split(":");
    const deployerRoleArn = `arn:${partition}:iam::${id}:role/{deployer}`;
    accounts[consumer.account] ??= { id, partition, region: contract.region, deployerRoleArn };
    const access = Object.fromEntries(
      Object.entries(contract.featureGroups).map(([group, { access: permissions }]) => [group, permissions]),
    );
    const { externalId: _, ...rest } = consumer;
    const { externalId } = contract;
    return [{ ...rest, access, ...(externalId === undefined ? {} : { externalId }) }];
  });
  return { ...settings, accounts, consumers };
}

function removedConsumer(name: string, { resultsLocation }: ConsumerGrantsContract): ConsumerSettings {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.*?)\/?$/.exec(resultsLocation) ?? [];
  return {
    name,
    account: `${name} (left)`,
    resultsBucket: { name: bucket, prefix, existing: false, retentionDays: 0 },
    trustSageMaker: false,
    access: {},
    accessByTags: [],
  };
}
