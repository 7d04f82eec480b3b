/**
 * Amazon SQS, standard queues. Source: "Amazon Simple Queue Service API Reference", version 2012-11-05,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */
import type { SqsPort } from "../../core";
import { json10 } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import * as messages from "./messages";
import * as queues from "./queues";

export const sqs = defineService({
  name: "sqs",
  protocol: json10("AmazonSQS"),
  operations: {
    CreateQueue: { run: queues.createQueue },
    GetQueueUrl: { run: queues.getQueueUrl },
    GetQueueAttributes: { run: queues.getQueueAttributes },
    SetQueueAttributes: { run: queues.setQueueAttributes },
    ListQueues: { run: queues.listQueues },
    DeleteQueue: { run: queues.deleteQueue },
    PurgeQueue: { run: queues.purgeQueue },
    TagQueue: { run: queues.tagQueue },
    UntagQueue: { run: queues.untagQueue },
    ListQueueTags: { run: queues.listQueueTags },
    SendMessage: { data: true, run: messages.sendMessage },
    ReceiveMessage: { data: true, run: messages.receiveMessage },
    DeleteMessage: { data: true, run: messages.deleteMessage },
    DeleteMessageBatch: { data: true, run: messages.deleteMessageBatch },
  },
  port: (world): SqsPort => ({
    sendMessage: (call, arn, body) => messages.deliverTo(world, call, arn, body),
  }),
});
