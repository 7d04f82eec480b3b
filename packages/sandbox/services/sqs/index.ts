/** Amazon SQS, standard queues. Source: Amazon SQS API Reference, version 2012-11-05 (AWS JSON protocol). */
import type { Call, Service, World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { json10Response, parseJson, targetOperation } from "../../protocol/json";
import { deleteMessage, deleteMessageBatch, receiveMessage, sendMessage } from "./messages";
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listQueues,
  listQueueTags,
  purgeQueue,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from "./queues";
import type { Queue } from "./state";

type Output = Record<string, unknown>;
type Operation = (
  world: World,
  call: Call,
  input: Readonly<Record<string, unknown>>,
  urlOf: (queue: Queue) => string,
) => Output | Promise<Output>;

const operations: Readonly<Record<string, Operation>> = {
  CreateQueue: createQueue,
  GetQueueUrl: getQueueUrl,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  ListQueues: listQueues,
  DeleteQueue: deleteQueue,
  PurgeQueue: purgeQueue,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
  ListQueueTags: listQueueTags,
  SendMessage: sendMessage,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
};

export function createSqs(world: World): Service {
  return {
    async handle(call, request) {
      const name = targetOperation(request) || `${request.method} ${request.path}`;
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw notImplemented("sqs", name);
      // SDKs send later requests to the host of the URL: it has to be the one that they reached.
      const urlOf = (queue: Queue) =>
        `http://${request.headers.host ?? "127.0.0.1"}/${queue.account}/${queue.name}`;
      return json10Response(await operation(world, call, parseJson(request), urlOf));
    },
  };
}
