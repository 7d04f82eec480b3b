/** The settings that what is deployed was made from, as far as the contracts of its stages tell: each consumer's access. */
import type { Deployment } from "@pulumi/pulumi/automation";
import type { Settings } from "../../components/settings";
import {
  kinds,
  type ConsumerGrantsContract,
  type ConsumerSettings,
} from "../../components/topologies/assumed-role";
import { readDeployed } from "../stacks/deployedState";
import { plainValues } from "../graph/wiring";

/** @param states by stage, of all that are deployed */
export function deployedSettings(settings: Settings, states: ReadonlyMap<string, Deployment>): Settings {
  const accounts = { ...settings.accounts };
  const consumers = [...states].flatMap(([stage, state]): ConsumerSettings[] => {
    const [, name] = /^consumerGrants:(.+)$/.exec(stage) ?? [];
    const contract = kinds.consumerGrants.contract.safeParse(plainValues(readDeployed(state).outputs)).data;
    if (name === undefined || !contract) return [];
    const known = settings.consumers.find((consumer) => consumer.name === name);
    const consumer = known ?? departed(name, contract);
    // An account that left with its consumer is known by the role's ARN alone.
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

function departed(name: string, { resultsLocation }: ConsumerGrantsContract): ConsumerSettings {
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
