/**
 * Amazon CloudWatch: alarms, and the metrics that they watch. Source: Amazon CloudWatch API Reference, version 2010-08-01.
 * Clients speak one of three protocols to it: AWS JSON 1.0, RPC v2 CBOR, and query.
 */

import { cbor } from "../../protocol/cbor";
import { combined } from "../../protocol/combined";
import { json10 } from "../../protocol/json";
import { queryOfTrees } from "../../protocol/query";
import { defineService } from "../../protocol/service";
import {
  deleteAlarms,
  describeAlarms,
  listTagsForResource,
  putMetricAlarm,
  putMetricData,
  setAlarmState,
  tagResource,
  untagResource,
} from "./alarms";
import { evaluateAlarms } from "./evaluate";

export const monitoring = defineService({
  name: "monitoring",
  protocol: combined(
    cbor,
    queryOfTrees("http://monitoring.amazonaws.com/doc/2010-08-01/"),
    json10("GraniteServiceVersion20100801"),
  ),
  operations: {
    PutMetricAlarm: { run: putMetricAlarm },
    DescribeAlarms: { run: describeAlarms },
    DeleteAlarms: { run: deleteAlarms },
    SetAlarmState: { run: setAlarmState },
    PutMetricData: { data: true, run: putMetricData },
    TagResource: { run: tagResource },
    UntagResource: { run: untagResource },
    ListTagsForResource: { run: listTagsForResource },
  },
  resume: evaluateAlarms,
});
