/**
 * Amazon CloudWatch: alarms, and the metrics that they watch. Clients use one of three protocols. Source: "Amazon CloudWatch API
 * Reference", version 2010-08-01, https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/Welcome.html
 */
import type { MonitoringPort } from "../../core";
import { cbor } from "../../protocol/cbor";
import { combined } from "../../protocol/combined";
import { json10 } from "../../protocol/json";
import { queryOfTrees } from "../../protocol/query";
import { defineService } from "../../protocol/service";
import * as alarms from "./alarms";
import { evaluateAlarms } from "./evaluate";
import { putMetric } from "./putMetric";

export const monitoring = defineService({
  name: "monitoring",
  protocol: combined(
    cbor,
    queryOfTrees("http://monitoring.amazonaws.com/doc/2010-08-01/"),
    json10("GraniteServiceVersion20100801"),
  ),
  operations: {
    PutMetricAlarm: { run: alarms.putMetricAlarm },
    DescribeAlarms: { run: alarms.describeAlarms },
    DeleteAlarms: { run: alarms.deleteAlarms },
    SetAlarmState: { run: alarms.setAlarmState },
    PutMetricData: { data: true, run: alarms.putMetricData },
    TagResource: { run: alarms.tagResource },
    UntagResource: { run: alarms.untagResource },
    ListTagsForResource: { run: alarms.listTagsForResource },
  },
  port: (world): MonitoringPort => ({ putMetric: (...metric) => putMetric(world, ...metric) }),
  resume: evaluateAlarms,
});
