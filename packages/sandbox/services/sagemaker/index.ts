/** Amazon SageMaker, as far as it is about feature groups. Source: SageMaker API Reference, version 2017-07-24. */
import type { Call, Service, World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { jsonResponse, parseJson, targetOperation } from "../../protocol/json";
import { createFeatureGroup } from "./create";
import { describeFeatureGroup, listFeatureGroups } from "./describe";
import { resumeGroups } from "./lifecycle";
import { describeFeatureMetadata, updateFeatureMetadata } from "./metadata";
import { search } from "./search";
import { addTags, deleteTags, listTags } from "./tags";
import { deleteFeatureGroup, updateFeatureGroup } from "./update";

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
