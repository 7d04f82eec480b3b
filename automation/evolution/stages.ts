/** The schema changes of a stage: the groups of the settings against those of its deployed stack. */
import type { Stage } from "../../components/stages";
import type { DeployedResource, DeployedStack } from "../stackPort";
import { compareSchema, type Definition, type SchemaChange } from "./compare";

const FEATURE_GROUP = "aws:sagemaker/featureGroup:FeatureGroup";

/** The groups whose schema is not what the settings say; those that are not deployed yet have none. */
export function schemaChanges(
  { featureGroups = [] }: Pick<Stage, "featureGroups">,
  deployed: DeployedStack | undefined,
): SchemaChange[] {
  return featureGroups
    .map((group) => compareSchema(group, definitionsOf(groupResource(deployed, group.name))))
    .filter(({ added, removed, retyped }) => added.length + removed.length + retyped.length > 0);
}

export function groupResource(
  deployed: DeployedStack | undefined,
  name: string,
): DeployedResource | undefined {
  return deployed?.resources.find(
    ({ type, inputs }) => type === FEATURE_GROUP && inputs["featureGroupName"] === name,
  );
}

function definitionsOf(resource: DeployedResource | undefined): readonly Definition[] | undefined {
  return resource?.inputs["featureDefinitions"] as readonly Definition[] | undefined;
}
