/** Amazon SNS, standard topics. Source: Amazon SNS API Reference, version 2010-03-31. */
import type { Call, Service, World } from "../../core";
import { namespaces, notImplemented } from "../../pipeline/route";
import { queryResponse, queryTree, QueryParameters, xmlTree } from "../../protocol/query";
import { publish } from "./publish";
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from "./subscriptions";
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTagsForResource,
  listTopics,
  setTopicAttributes,
  tagResource,
  untagResource,
} from "./topics";

type Operation = (
  world: World,
  call: Call,
  input: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

const operations: Readonly<Record<string, Operation>> = {
  CreateTopic: createTopic,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  ListTopics: listTopics,
  DeleteTopic: deleteTopic,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  Subscribe: subscribe,
  Unsubscribe: unsubscribe,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  Publish: publish,
};

export function createSns(world: World): Service {
  return {
    handle(call, request) {
      const name = QueryParameters.of(request).get("Action") ?? "";
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("sns", name));
      return new Promise((resolve) => {
        const result = xmlTree(operation(world, call, queryTree(request)));
        resolve(queryResponse(namespaces.sns, name, call.requestId, result));
      });
    },
  };
}
