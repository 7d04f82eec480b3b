/** Amazon SNS, standard topics. Source: Amazon SNS API Reference, version 2010-03-31. */
import { queryOfTrees } from "../../protocol/query";
import { defineService } from "../../protocol/service";
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

export const sns = defineService({
  name: "sns",
  protocol: queryOfTrees("http://sns.amazonaws.com/doc/2010-03-31/"),
  operations: {
    CreateTopic: { run: createTopic },
    GetTopicAttributes: { run: getTopicAttributes },
    SetTopicAttributes: { run: setTopicAttributes },
    ListTopics: { run: listTopics },
    DeleteTopic: { run: deleteTopic },
    TagResource: { run: tagResource },
    UntagResource: { run: untagResource },
    ListTagsForResource: { run: listTagsForResource },
    Subscribe: { run: subscribe },
    Unsubscribe: { run: unsubscribe },
    GetSubscriptionAttributes: { run: getSubscriptionAttributes },
    SetSubscriptionAttributes: { run: setSubscriptionAttributes },
    ListSubscriptions: { run: listSubscriptions },
    ListSubscriptionsByTopic: { run: listSubscriptionsByTopic },
    Publish: { data: true, run: publish },
  },
});
