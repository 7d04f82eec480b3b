/** Amazon SageMaker, as far as it is about feature groups. Source: SageMaker API Reference, version 2017-07-24. */
import type { Call, Service, World } from "../core";
import { notImplemented } from "../routing";
import { jsonResponse, parseJson, targetOperation } from "../wire/json";
import { createFeatureGroup } from "./sagemaker/create";
import { describeFeatureGroup, listFeatureGroups } from "./sagemaker/describe";
import { resumeGroups } from "./sagemaker/lifecycle";
import { describeFeatureMetadata, updateFeatureMetadata } from "./sagemaker/metadata";
import { search } from "./sagemaker/search";
import { addTags, deleteTags, listTags } from "./sagemaker/tags";
import { deleteFeatureGroup, updateFeatureGroup } from "./sagemaker/update";

type Operation = (world: World, call: Call, input: unknown) => Record<string, unknown>;

const operations: Readonly<Record<string, Operation>> = {
  CreateFeatureGroup: createFeatureGroup,
  DescribeFeatureGroup: describeFeatureGroup,
  ListFeatureGroups: listFeatureGroups,
  UpdateFeatureGroup: updateFeatureGroup,
  DeleteFeatureGroup: deleteFeatureGroup,
  DescribeFeatureMetadata: describeFeatureMetadata,
  UpdateFeatureMetadata: updateFeatureMetadata,
  Search: search,
  AddTags: addTags,
  DeleteTags: deleteTags,
  ListTags: listTags,
};

export function createSagemaker(world: World): Service {
  return {
    handle(call, request) {
      const name = targetOperation(request) || `${request.method} ${request.path}`;
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("sagemaker", name));
      return new Promise((resolve) => resolve(jsonResponse(operation(world, call, parseJson(request)))));
    },
    resume: () => resumeGroups(world),
  };
}
