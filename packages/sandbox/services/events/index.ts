/** Amazon EventBridge: the default bus of each account and region. Source: Amazon EventBridge API Reference, version 2015-10-07. */
import type { Call, Service, World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { jsonResponse, parseJson, targetOperation } from "../../protocol/json";
import {
  deleteRule,
  describeRule,
  listRules,
  listTagsForResource,
  listTargetsByRule,
  putRule,
  putTargets,
  removeTargets,
  setState,
  tagResource,
  testEventPattern,
  untagResource,
} from "./rules";

type Operation = (
  world: World,
  call: Call,
  input: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

const operations: Readonly<Record<string, Operation>> = {
  PutRule: putRule,
  DescribeRule: describeRule,
  ListRules: listRules,
  EnableRule: setState("EnableRule"),
  DisableRule: setState("DisableRule"),
  DeleteRule: deleteRule,
  PutTargets: putTargets,
  RemoveTargets: removeTargets,
  ListTargetsByRule: listTargetsByRule,
  TestEventPattern: testEventPattern,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

export function createEvents(world: World): Service {
  return {
    handle(call, request) {
      const name = targetOperation(request);
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("events", name));
      return new Promise((resolve) => resolve(jsonResponse(operation(world, call, parseJson(request)))));
    },
  };
}
