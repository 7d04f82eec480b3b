/** Queues and their messages as the sandbox stores them. */
import type { PolicyDocument } from "@feature-store-access/iam";
import { AwsError, type Call, type Collection, type World } from "../../core";

export interface Queue {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Seconds since 1970. */
  readonly created: number;
  modified: number;
  /** In the form of SetQueueAttributes, without the policy. */
  readonly attributes: Record<string, string>;
  policy?: PolicyDocument;
  tags: Record<string, string>;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes?: unknown;
  readonly sender: string;
  /** Milliseconds since 1970. */
  readonly sent: number;
  first?: number;
  received: number;
  /** Not delivered before this time (milliseconds since 1970). */
  visible: number;
  receipt?: string;
}

/** Maximum number of messages in a queue. The oldest are dropped, so that the sandbox's state stays small. */
export const MOST_MESSAGES = 1000;

export const queues = ({ store }: World): Collection<Queue> => store.collection<Queue>("sqs.queues");
export const messages = ({ store }: World): Collection<Message[]> =>
  store.collection<Message[]>("sqs.messages");

export function queueArn(region: string, account: string, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

/** An error with the code that query clients know it by. */
export function sqsError(code: string, message: string, queryCode = code, status = 400): AwsError {
  return new AwsError(code, message, status, { queryCode });
}

export function noQueue(): AwsError {
  return sqsError(
    "QueueDoesNotExist",
    "The specified queue does not exist.",
    "AWS.SimpleQueueService.NonExistentQueue",
  );
}

/** ARN of the queue that a URL names: its last two parts are account and name. The host does not matter. */
export function arnOfUrl(call: Call, url: unknown): string {
  const match = typeof url === "string" ? /([^/]+)\/([^/]+)\/?$/.exec(url) : null;
  if (!match || !/^\d{12}$/.test(match[1] ?? ""))
    throw sqsError(
      "InvalidAddress",
      `The address ${String(url)} is not valid for this endpoint.`,
      "InvalidAddress",
      404,
    );
  return queueArn(call.region, match[1] ?? "", match[2] ?? "");
}
