/** Amazon SageMaker, as far as it is about feature groups. Source: SageMaker API Reference, version 2017-07-24. */
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import { createFeatureGroup } from "./create";
import { describeFeatureGroup, listFeatureGroups } from "./describe";
import { resumeGroups } from "./lifecycle";
import { describeFeatureMetadata, updateFeatureMetadata } from "./metadata";
import { search } from "./search";
import { addTags, deleteTags, listTags } from "./tags";
import { deleteFeatureGroup, updateFeatureGroup } from "./update";

export const sagemaker = defineService({
  name: "sagemaker",
  protocol: json("SageMaker"),
  operations: {
    CreateFeatureGroup: { run: createFeatureGroup },
    DescribeFeatureGroup: { run: describeFeatureGroup },
    ListFeatureGroups: { run: listFeatureGroups },
    UpdateFeatureGroup: { run: updateFeatureGroup },
    DeleteFeatureGroup: { run: deleteFeatureGroup },
    DescribeFeatureMetadata: { run: describeFeatureMetadata },
    UpdateFeatureMetadata: { run: updateFeatureMetadata },
    Search: { reads: true, run: search },
    AddTags: { run: addTags },
    DeleteTags: { run: deleteTags },
    ListTags: { run: listTags },
  },
  resume: resumeGroups,
});
