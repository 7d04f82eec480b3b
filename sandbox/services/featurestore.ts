/** Amazon SageMaker Feature Store runtime: records of feature groups. Source: its API reference, version 2020-07-01. */
import { AwsError, type Call, type Service, type WireRequest, type WireResponse, type World } from "../core";
import { notImplemented } from "../routing";
import { pathSegments } from "../wire/rest";
import { batchGetRecord } from "./featurestore/batch";
import { resumeRows } from "./featurestore/offline";
import { deleteRecord, getRecord, putRecord } from "./featurestore/records";

export function createFeatureStoreRuntime(world: World): Service {
  return {
    handle: (call, request) => new Promise((resolve) => resolve(answer(world, call, request))),
    resume: () => resumeRows(world),
  };
}

function answer(world: World, call: Call, request: WireRequest): WireResponse {
  const [first, ...rest] = pathSegments(request.path);
  // An ARN's slash may come encoded or not.
  const FeatureGroupName = rest.join("/");
  if (first === "BatchGetRecord" && request.method === "POST")
    return json(batchGetRecord(world, call, bodyOf(request)));
  if (first !== "FeatureGroup") throw notImplemented("featurestore", `${request.method} ${request.path}`);
  const { query } = request;
  const many = (name: string) => (query.has(name) ? query.getAll(name) : undefined);
  switch (request.method) {
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
      throw notImplemented("featurestore", `${request.method} ${request.path}`);
  }
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
