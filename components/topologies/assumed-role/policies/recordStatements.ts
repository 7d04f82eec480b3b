/** Permissions of a consumer's role on records of feature groups: by group, and by the groups' tags. */
import { allow, type Statement } from "../../../policies/document";
import { groupsInScope } from "../../../policies/groupScope";
import type { CrossAccountAccessFacts, PermittedGroup, Permission } from "./facts";

const RECORD_ACTIONS: Readonly<Record<string, string[]>> = {
  Describe: ["sagemaker:DescribeFeatureGroup"],
  Read: ["sagemaker:DescribeFeatureGroup", "sagemaker:GetRecord", "sagemaker:BatchGetRecord"],
  Write: ["sagemaker:DescribeFeatureGroup", "sagemaker:PutRecord", "sagemaker:DeleteRecord"],
  ReadWrite: [
    "sagemaker:DescribeFeatureGroup",
    "sagemaker:GetRecord",
    "sagemaker:BatchGetRecord",
    "sagemaker:PutRecord",
    "sagemaker:DeleteRecord",
  ],
};

/** Groups with the same permissions share a statement. */
export function recordStatements(groups: readonly PermittedGroup[]): Statement[] {
  return Object.entries(RECORD_ACTIONS).flatMap(([kind, Action]) => {
    const Resource = groups.filter(({ access }) => kindOf(access) === kind).map(({ arn }) => arn);
    return Resource.length === 0 ? [] : [allow(`${kind}Records`, Action, Resource)];
  });
}

/** Record access by tags follows the tags: SageMaker checks them at each request, for later groups too. */
export function taggedRecordStatements({
  partition,
  region,
  account,
  byTags = [],
}: CrossAccountAccessFacts): Statement[] {
  const anyGroup = `arn:${partition}:sagemaker:${region}:${account}:feature-group/*`;
  return byTags.flatMap(({ tags, access }, index): Statement[] => {
    const scope = groupsInScope({ kind: "tags", tags }, anyGroup, []);
    if (!scope || !usesRecords(access)) return [];
    const Action = RECORD_ACTIONS[kindOf(access)] ?? [];
    return [allow(`${kindOf(access)}RecordsByTags${index + 1}`, Action, scope.Resource, scope.Condition)];
  });
}

export function usesRecords(access: readonly Permission[]): boolean {
  return access.includes("readOnline") || access.includes("write");
}

function kindOf(access: readonly Permission[]): string {
  const kind = `${access.includes("readOnline") ? "Read" : ""}${access.includes("write") ? "Write" : ""}`;
  return kind === "" ? "Describe" : kind;
}
