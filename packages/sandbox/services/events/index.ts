/** Amazon EventBridge: the default bus of each account and region. Source: Amazon EventBridge API Reference, version 2015-10-07. */
import type { EventsPort } from "../../core";
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import { receiveRecord } from "./receive";
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

export const events = defineService({
  name: "events",
  protocol: json("AWSEvents"),
  operations: {
    PutRule: { run: putRule },
    DescribeRule: { run: describeRule },
    ListRules: { run: listRules },
    EnableRule: { run: setState("EnableRule") },
    DisableRule: { run: setState("DisableRule") },
    DeleteRule: { run: deleteRule },
    PutTargets: { run: putTargets },
    RemoveTargets: { run: removeTargets },
    ListTargetsByRule: { run: listTargetsByRule },
    TestEventPattern: { reads: true, run: testEventPattern },
    TagResource: { run: tagResource },
    UntagResource: { run: untagResource },
    ListTagsForResource: { run: listTagsForResource },
  },
  port: (world): EventsPort => ({ receive: (event) => receiveRecord(world, event) }),
});
