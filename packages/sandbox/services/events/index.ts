/**
 * Amazon EventBridge: the default bus of each account and region. Source: "Amazon EventBridge API Reference", version 2015-10-07,
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html
 */
import type { EventsPort } from "../../core";
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import { receiveRecord } from "./receive";
import * as rules from "./rules";

export const events = defineService({
  name: "events",
  protocol: json("AWSEvents"),
  operations: {
    PutRule: { run: rules.putRule },
    DescribeRule: { run: rules.describeRule },
    ListRules: { run: rules.listRules },
    EnableRule: { run: rules.setState("EnableRule") },
    DisableRule: { run: rules.setState("DisableRule") },
    DeleteRule: { run: rules.deleteRule },
    PutTargets: { run: rules.putTargets },
    RemoveTargets: { run: rules.removeTargets },
    ListTargetsByRule: { run: rules.listTargetsByRule },
    TestEventPattern: { reads: true, run: rules.testEventPattern },
    TagResource: { run: rules.tagResource },
    UntagResource: { run: rules.untagResource },
    ListTagsForResource: { run: rules.listTagsForResource },
  },
  port: (world): EventsPort => ({ receive: (event) => receiveRecord(world, event) }),
});
