/**
 * Amazon SNS, standard topics. Source: "Amazon Simple Notification Service API Reference", version 2010-03-31,
 * https://docs.aws.amazon.com/sns/latest/api/welcome.html
 */
import type { SnsPort } from "../../core";
import { queryOfTrees } from "../../protocol/query";
import { defineService } from "../../protocol/service";
import { publish, publishTo } from "./publish";
import * as subscriptions from "./subscriptions";
import * as topics from "./topics";

export const sns = defineService({
  name: "sns",
  protocol: queryOfTrees("http://sns.amazonaws.com/doc/2010-03-31/"),
  operations: {
    CreateTopic: { run: topics.createTopic },
    GetTopicAttributes: { run: topics.getTopicAttributes },
    SetTopicAttributes: { run: topics.setTopicAttributes },
    ListTopics: { run: topics.listTopics },
    DeleteTopic: { run: topics.deleteTopic },
    TagResource: { run: topics.tagResource },
    UntagResource: { run: topics.untagResource },
    ListTagsForResource: { run: topics.listTagsForResource },
    Subscribe: { run: subscriptions.subscribe },
    Unsubscribe: { run: subscriptions.unsubscribe },
    GetSubscriptionAttributes: { run: subscriptions.getSubscriptionAttributes },
    SetSubscriptionAttributes: { run: subscriptions.setSubscriptionAttributes },
    ListSubscriptions: { run: subscriptions.listSubscriptions },
    ListSubscriptionsByTopic: { run: subscriptions.listSubscriptionsByTopic },
    Publish: { data: true, run: publish },
  },
  port: (world): SnsPort => ({ publish: (call, arn, message) => publishTo(world, call, arn, message) }),
});
