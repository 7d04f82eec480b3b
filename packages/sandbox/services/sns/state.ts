/** Topics and subscriptions as the sandbox stores them. */
import type { PolicyDocument } from "@feature-store-access/iam";
import { AwsError, type Call, type Collection, type World } from "../../core";
import { resourceTagContext } from "../../protocol/tags";

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly attributes: Record<string, string>;
  policy: PolicyDocument;
  tags: Record<string, string>;
}

export interface Subscription {
  readonly arn: string;
  readonly topic: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly owner: string;
  readonly pending: boolean;
  readonly attributes: Record<string, string>;
}

export const topics = ({ store }: World): Collection<Topic> => store.collection<Topic>("sns.topics");
export const subscriptions = ({ store }: World): Collection<Subscription> =>
  store.collection<Subscription>("sns.subscriptions");

export function subscriptionsOf(world: World, topic: string): Subscription[] {
  return [...subscriptions(world).values()].filter((each) => each.topic === topic);
}

export function topicArn(region: string, account: string, name: string): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}

export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${message}`);
}

export function notFound(what: string): AwsError {
  return new AwsError("NotFound", `${what} does not exist`, 404);
}

/** The topic, after checking that the caller may do `action` (`Publish`) on it by its own policies or the topic's. */
export function allowedTopic(world: World, call: Call, action: string, arn: string, context = {}): Topic {
  const [, , service, , account = ""] = arn.split(":");
  if (service !== "sns" || !/^\d{12}$/.test(account)) throw invalid("TopicArn");
  const topic = topics(world).get(arn);
  world.authorize(call, {
    action: `SNS:${action}`,
    resource: arn,
    resourceAccount: account,
    context: { ...resourceTagContext(topic?.tags ?? {}), ...context },
    ...(topic ? { resourcePolicy: topic.policy } : {}),
    code: "AuthorizationError",
  });
  if (!topic || topic.region !== call.region) throw notFound("Topic");
  return topic;
}

/** The policy of a topic without one of its own: its owner's account may do everything. */
export function defaultPolicy(arn: string, account: string): PolicyDocument {
  return {
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  };
}
