/** The schema changes of a stage: compares the groups in the settings with those in its deployed stack. */
import type { Stage } from "../../components/stages";
import type { DeployedResource, DeployedStack } from "../model/stackPort";
import { compareSchema, isChange, type DeployedGroup, type Definition } from "./compare";
import type { SchemaChange, Ttl } from "../model/schemaChange";

const FEATURE_GROUP = "aws:sagemaker/featureGroup:FeatureGroup";

/**
 * The groups that differ from the settings, except for groups that are not deployed yet.
 * @param allowed groups that may be replaced, by URN, logical name or name: these may get another identity
 */
export function schemaChanges(
  { featureGroups = [] }: Pick<Stage, "featureGroups">,
  deployed: DeployedStack | undefined,
  allowed: readonly string[] = [],
): SchemaChange[] {
  return featureGroups
    .map((group) => {
      const resource = groupResource(deployed, group.name);
      const { identity, ...change } = compareSchema(group, resource && deployedGroup(resource));
      const names = [resource?.urn, resource?.urn.split("::").at(-1), group.name];
      const mayGo = names.some((name) => name !== undefined && allowed.includes(name));
      return identity && !mayGo ? { ...change, identity } : change;
    })
    .filter(isChange);
}

/** Notices of descriptions that differ from the settings, which AWS cannot change. */
export function keptDescriptions(
  { featureGroups = [] }: Pick<Stage, "featureGroups">,
  deployed: DeployedStack | undefined,
): string[] {
  return featureGroups.flatMap(({ name, description }) => {
    const resource = groupResource(deployed, name);
    if (!resource || resource.inputs["description"] === description) return [];
    return [`feature group ${name} keeps its first description: AWS cannot change it`];
  });
}

export function groupResource(
  deployed: DeployedStack | undefined,
  name: string,
): DeployedResource | undefined {
  return deployed?.resources.find(
    ({ type, inputs }) => type === FEATURE_GROUP && inputs["featureGroupName"] === name,
  );
}

interface Inputs {
  readonly featureDefinitions?: readonly Definition[];
  readonly recordIdentifierFeatureName?: string;
  readonly eventTimeFeatureName?: string;
  readonly onlineStoreConfig?: { readonly ttlDuration?: Ttl };
  readonly throughputConfig?: {
    readonly throughputMode?: "OnDemand" | "Provisioned";
    readonly provisionedReadCapacityUnits?: number;
    readonly provisionedWriteCapacityUnits?: number;
  };
}

/** The group as in the state; undefined if it has no features, because it is half-made. */
export function deployedGroup({ inputs }: Pick<DeployedResource, "inputs">): DeployedGroup | undefined {
  const known = inputs as Inputs;
  if (!known.featureDefinitions) return undefined;
  const throughput = known.throughputConfig;
  return {
    definitions: known.featureDefinitions,
    recordIdentifier: known.recordIdentifierFeatureName,
    eventTime: known.eventTimeFeatureName,
    ttl: known.onlineStoreConfig?.ttlDuration,
    throughput: throughput?.throughputMode && {
      mode: throughput.throughputMode,
      readCapacityUnits: throughput.provisionedReadCapacityUnits,
      writeCapacityUnits: throughput.provisionedWriteCapacityUnits,
    },
  };
}
