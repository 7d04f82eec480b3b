/** Amazon SQS, standard queues. Source: Amazon SQS API Reference, version 2012-11-05 (AWS JSON protocol). */
import { json10 } from "../../protocol/json";
import { defineService } from "../../protocol/service";
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

export const sqs = defineService({
  name: "sqs",
  protocol: json10("AmazonSQS"),
  operations: {
    CreateQueue: { run: createQueue },
    GetQueueUrl: { run: getQueueUrl },
    GetQueueAttributes: { run: getQueueAttributes },
    SetQueueAttributes: { run: setQueueAttributes },
    ListQueues: { run: listQueues },
    DeleteQueue: { run: deleteQueue },
    PurgeQueue: { run: purgeQueue },
    TagQueue: { run: tagQueue },
    UntagQueue: { run: untagQueue },
    ListQueueTags: { run: listQueueTags },
    SendMessage: { data: true, run: sendMessage },
    ReceiveMessage: { data: true, run: receiveMessage },
    DeleteMessage: { data: true, run: deleteMessage },
    DeleteMessageBatch: { data: true, run: deleteMessageBatch },
  },
});
