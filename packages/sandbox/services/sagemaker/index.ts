/**
 * Amazon SageMaker's operations on feature groups. Source: "Amazon SageMaker API Reference", version 2017-07-24,
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/Welcome.html
 */
import type { SagemakerPort } from "../../core";
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import { createFeatureGroup } from "./create";
import { describeFeatureGroup, listFeatureGroups } from "./describe";
import { resumeGroups } from "./lifecycle";
import { describeFeatureMetadata, updateFeatureMetadata } from "./metadata";
import { shapes } from "./model";
import { callAsRole, serviceCall } from "./role";
import { search } from "./search";
import { authorizedGroup, featureGroups, setOfflineStatus } from "./state";
import { addTags, deleteTags, listTags } from "./tags";
import { deleteFeatureGroup, updateFeatureGroup } from "./update";

export const sagemaker = defineService({
  name: "sagemaker",
  protocol: json("SageMaker"),
  operations: {
    CreateFeatureGroup: { shape: shapes.CreateFeatureGroup, run: createFeatureGroup },
    DescribeFeatureGroup: { shape: shapes.DescribeFeatureGroup, run: describeFeatureGroup },
    ListFeatureGroups: { shape: shapes.ListFeatureGroups, run: listFeatureGroups },
    UpdateFeatureGroup: { shape: shapes.UpdateFeatureGroup, run: updateFeatureGroup },
    DeleteFeatureGroup: { shape: shapes.DeleteFeatureGroup, run: deleteFeatureGroup },
    DescribeFeatureMetadata: { shape: shapes.DescribeFeatureMetadata, run: describeFeatureMetadata },
    UpdateFeatureMetadata: { shape: shapes.UpdateFeatureMetadata, run: updateFeatureMetadata },
    Search: { reads: true, shape: shapes.Search, run: search },
    AddTags: { shape: shapes.AddTags, run: addTags },
    DeleteTags: { shape: shapes.DeleteTags, run: deleteTags },
    ListTags: { shape: shapes.ListTags, run: listTags },
  },
  port: (world): SagemakerPort => ({
    featureGroup: (call, action, nameOrArn, options) =>
      authorizedGroup(world, call, action, nameOrArn, options),
    featureGroupOf: (id) => [...featureGroups(world.store).values()].find((group) => group.id === id),
    asRole: (group, step) => callAsRole(world, serviceCall(group.region, step), group.roleArn ?? "", group),
    setOfflineStatus: (group, blocked) => setOfflineStatus(world, group, blocked),
  }),
  resume: resumeGroups,
});
