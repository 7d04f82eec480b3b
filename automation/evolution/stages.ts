/** The schema changes of a stage: the groups of the settings against those of its deployed stack. */
import type { Stage } from "../../components/stages";
import type { DeployedResource, DeployedStack } from "../model/stackPort";
import { compareSchema, isChange, type DeployedGroup, type Definition } from "./compare";
import type { SchemaChange, Ttl } from "../model/schemaChange";

const FEATURE_GROUP = "aws:sagemaker/featureGroup:FeatureGroup";

/**
 * The groups that are not what the settings say; those that are not deployed yet have none.
 * @param allowed what may be replaced, by URN, logical name or the group's: such groups may be given another identity
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

/** Descriptions that the settings have otherwise: AWS has no way to change one, which must not pass for done. */
export function keptDescriptions(
  { featureGroups = [] }: Pick<Stage, "featureGroups">,
  deployed: DeployedStack | undefined,
): string[] {
  return featureGroups.flatMap(({ name, description }) => {
    const resource = groupResource(deployed, name);
    if (!resource || resource.inputs["description"] === description) return [];
    return [`feature group ${name} keeps the description that it was made with: AWS cannot change it`];
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

/** As the state has it; undefined where it has no features, as of one that is half made. */
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
