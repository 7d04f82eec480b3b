/**
 * Amazon CloudWatch: alarms, and the metrics that they watch. Source: Amazon CloudWatch API Reference, version 2010-08-01.
 * Clients speak one of three protocols to it: AWS JSON 1.0, RPC v2 CBOR, and query.
 */
import type { Call, Service, WireRequest, WireResponse, World } from "../../core";
import { namespaces, notImplemented } from "../../pipeline/route";
import { cborOperation, cborResponse, isCbor, parseCbor } from "../../protocol/cbor";
import { json10Response, parseJson, targetOperation } from "../../protocol/json";
import { QueryParameters, queryResponse, queryTree, xmlTree } from "../../protocol/query";
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

type Output = Record<string, unknown>;
type Operation = (world: World, call: Call, input: Readonly<Record<string, unknown>>) => Output;

const operations: Readonly<Record<string, Operation>> = {
  PutMetricAlarm: putMetricAlarm,
  DescribeAlarms: describeAlarms,
  DeleteAlarms: deleteAlarms,
  SetAlarmState: setAlarmState,
  PutMetricData: putMetricData,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

interface Protocol {
  readonly name: string;
  readonly input: () => Record<string, unknown>;
  readonly answer: (output: Output) => WireResponse;
}

function protocolOf(call: Call, request: WireRequest): Protocol {
  if (isCbor(request))
    return { name: cborOperation(request), input: () => parseCbor(request), answer: cborResponse };
  if (request.headers["x-amz-target"] !== undefined)
    return {
      name: targetOperation(request),
      input: () => parseJson(request),
      answer: (output) => json10Response(withSeconds(output) as Output),
    };
  const name = QueryParameters.of(request).get("Action") ?? "";
  return {
    name,
    input: () => queryTree(request),
    answer: (output) => queryResponse(namespaces.monitoring, name, call.requestId, xmlTree(output)),
  };
}

function withSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withSeconds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withSeconds(each)]));
}

export function createMonitoring(world: World): Service {
  return {
    handle(call, request) {
      const { name, input, answer } = protocolOf(call, request);
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("monitoring", name));
      return new Promise((resolve) => resolve(answer(operation(world, call, input()))));
    },
    resume: () => evaluateAlarms(world),
  };
}
