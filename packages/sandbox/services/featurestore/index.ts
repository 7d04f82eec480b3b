/** Amazon SageMaker Feature Store runtime: records of feature groups. Source: its API reference, version 2020-07-01. */
import {
  AwsError,
  type Call,
  type Service,
  type WireRequest,
  type WireResponse,
  type World,
} from "../../core";
import { notImplemented } from "../../pipeline/route";
import { pathSegments } from "../../protocol/rest";
import { batchGetRecord } from "./batch";
import { batchWriteRecord } from "./batchWrite";
import { listRecords } from "./list";
import { resumeRows } from "./offline";
import { deleteRecord, getRecord, putRecord } from "./records";
import { updateRecord } from "./update";

export function createFeatureStoreRuntime(world: World): Service {
  return {
    handle: (call, request) => new Promise((resolve) => resolve(answer(world, call, request))),
    resume: () => resumeRows(world),
  };
}

function answer(world: World, call: Call, request: WireRequest): WireResponse {
  const { method, path, query } = request;
  const [first, ...rest] = pathSegments(path);
  if (method === "POST") return posted(world, call, request, first ?? "", rest);
  if (first !== "FeatureGroup") throw notImplemented("featurestore", `${method} ${path}`);
  // An ARN's slash may come encoded or not.
  const FeatureGroupName = rest.join("/");
  const many = (name: string) => (query.has(name) ? query.getAll(name) : undefined);
  switch (method) {
    case "PUT":
      putRecord(world, call, { ...bodyOf(request), FeatureGroupName });
      return json();
    case "GET":
      return json(
        getRecord(world, call, {
          FeatureGroupName,
          RecordIdentifierValueAsString: query.get("RecordIdentifierValueAsString"),
          FeatureNames: many("FeatureName"),
          ExpirationTimeResponse: query.get("ExpirationTimeResponse"),
        }),
      );
    case "DELETE":
      deleteRecord(world, call, {
        FeatureGroupName,
        RecordIdentifierValueAsString: query.get("RecordIdentifierValueAsString"),
        EventTime: query.get("EventTime"),
        TargetStores: many("TargetStores"),
        DeletionMode: query.get("DeletionMode"),
      });
      return json();
    default:
      throw notImplemented("featurestore", `${method} ${path}`);
  }
}

function posted(
  world: World,
  call: Call,
  request: WireRequest,
  first: string,
  rest: readonly string[],
): WireResponse {
  if (first === "BatchGetRecord") return json(batchGetRecord(world, call, bodyOf(request)));
  if (first === "BatchWriteRecord") return json(batchWriteRecord(world, call, bodyOf(request)));
  const operation = first === "FeatureGroup" && rest.length > 1 ? rest.at(-1) : undefined;
  const input = { ...bodyOf(request), FeatureGroupName: rest.slice(0, -1).join("/") };
  if (operation === "ListRecords") return json(listRecords(world, call, input));
  if (operation !== "Record") throw notImplemented("featurestore", `POST ${request.path}`);
  updateRecord(world, call, input);
  return json();
}

function bodyOf(request: WireRequest): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString("utf8") || "{}");
  } catch {
    throw new AwsError("SerializationException", "The request body is not valid JSON.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new AwsError("SerializationException", "The request body must be a JSON object.");
  return body as Record<string, unknown>;
}

function json(body?: object): WireResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}
