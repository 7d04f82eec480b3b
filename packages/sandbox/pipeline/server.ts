/** Takes each request through signature, routing, service and commit, and turns whatever comes into an answer of AWS's form. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import {
  AwsError,
  type AnsweredRequest,
  type Call,
  type Caller,
  type Service,
  type WireRequest,
  type WireResponse,
} from "../core";
import { findCredential } from "./credentials";
import { faultError, notYet, s3Operation, type Fault, type Faults } from "./faults";
import { eventName } from "../services/cloudtrail/names";
import { requestContext, signatureContext } from "./requestContext";
import { errorResponse, notImplemented, pathStyle, requestIdHeaders, routeOf } from "./route";
import { verifyChecksums } from "../protocol/checksum";
import { cborOperation } from "../protocol/cbor";
import { targetOperation } from "../protocol/json";
import { inWordsOfS3, missingAuthentication } from "./signature/authErrors";
import { splitTarget } from "../protocol/encoding";
import { bucketAndKey } from "../protocol/rest";
import { unsupportedMechanism, VERSION_2_REGIONS } from "./signature/sigv2";
import { authenticate, type RawRequest } from "./signature/sigv4";
import type { RunningWorld } from "../world";

const anonymous: Caller = {
  kind: "anonymous",
  arn: "anonymous",
  principalArn: "anonymous",
  account: "",
  userId: "anonymous",
};

/** The function that answers requests in `world`, with the faults of the plan if there is one. It never rejects. */
export function createAnswer(
  world: RunningWorld,
  faults?: Faults,
): (raw: RawRequest) => Promise<WireResponse> {
  return async (raw) => {
    const requestId = randomUUID();
    // Until the signature is read, the route is a guess by form, enough to word an error in.
    let request = unverified(raw);
    let route = routeOf(scopeOf(raw), request);
    let response: WireResponse;
    let call: Call | undefined;
    let fault: Fault | undefined;
    world.begin(requestId);
    try {
      const authenticated = authenticate(
        raw,
        (accessKeyId, token) => findCredential(world.store, accessKeyId, token),
        world.now(),
      );
      request = authenticated.request;
      route = routeOf(authenticated.service, request);
      if (!authenticated.caller && route !== "s3") throw missingAuthentication(route);
      if (route === "s3") {
        request = pathStyle(request);
        if (hasCheckedBody(request)) verifyChecksums(request.headers, request.body);
      } else request = uncompressed(request);
      const region =
        authenticated.region ?? (authenticated.version === 2 ? homeOf(world, request) : "us-east-1");
      if (authenticated.version === 2 && !VERSION_2_REGIONS.has(region)) throw unsupportedMechanism();
      call = {
        caller: authenticated.caller ?? anonymous,
        region,
        requestId,
        context: {
          ...requestContext(request, region, raw.clientAddress),
          ...(route === "s3" ? signatureContext(authenticated, world.now()) : {}),
        },
      };
      const operation = operationOf(route, request);
      fault = faults?.meet(route, operation, call.caller.account);
      if (fault?.kind === "dropBefore") return DROPPED;
      if (fault) await play(fault, route, operation);
      response = await handle(world, route, call, request);
      record(world, { route, call, request, response });
    } catch (thrown) {
      const known = asAwsError(thrown, route, requestId);
      const error = route === "s3" ? inWordsOfS3(known) : known;
      response = errorResponse(route, request, error, requestId);
      // Who calls is not known before the signature was checked: CloudTrail has nothing of such requests.
      if (call) record(world, { route, call, request, error });
    } finally {
      world.forget(requestId);
    }
    // A refusal is an answer, too: it gets lost as any other.
    if (fault?.kind === "dropAfter") return DROPPED;
    return { ...response, headers: { ...requestIdHeaders(route, requestId), ...response.headers } };
  };
}

function record(world: RunningWorld, answered: Omit<AnsweredRequest, "checks">): void {
  world.services.cloudtrail.record({ ...answered, checks: world.checksOf(answered.call.requestId) });
}

const DROPPED: WireResponse = { status: 500, dropped: true };

/** What comes before the work. */
async function play({ kind, milliseconds }: Fault, route: string, operation: string): Promise<void> {
  if (kind === "dropAfter" || kind === "dropBefore") return;
  if (kind === "delay") return sleep(milliseconds);
  if (kind !== "notYet") throw faultError(kind, route);
  const error = notYet(route, operation);
  if (error) throw error;
}

/** Bytes: what a request may come to. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** SDKs compress what is large, such as PutMetricData: the signature is over what they sent. S3 keeps bodies as they are. */
function uncompressed(request: WireRequest): WireRequest {
  const { "content-encoding": encoding, ...headers } = request.headers;
  if (encoding?.trim().toLowerCase() !== "gzip") return request;
  try {
    return { ...request, headers, body: gunzipSync(request.body, { maxOutputLength: LARGEST_BODY }) };
  } catch {
    throw new AwsError("SerializationException", "The request body is not valid gzip.");
  }
}

/** The operation as AWS names it. */
function operationOf(route: string, request: WireRequest): string {
  if (route === "s3") return s3Operation(request);
  return eventName({ route, request })?.name ?? operationName(request);
}

async function handle(
  world: RunningWorld,
  route: string,
  call: Call,
  request: WireRequest,
): Promise<WireResponse> {
  const services = new Map<string, Service>(Object.entries(world.services));
  const service = services.get(route);
  if (!service) throw notImplemented(route, operationName(request));
  try {
    const response = await service.handle(call, request);
    if (response.status < 300 && world.checksOf(call.requestId).length === 0 && !service.open?.(request))
      throw new Error(`${route} answered ${request.method} ${request.path} without an access check`);
    return response;
  } finally {
    // Also after an error: what a service changed before it failed is part of the state that others already see.
    await world.store.commit();
  }
}

/** Signature version 2 names no region: such a request is served where its bucket is. */
function homeOf(world: RunningWorld, request: WireRequest): string {
  return world.services.s3.bucketInfo(bucketAndKey(request.path).bucket)?.region ?? "us-east-1";
}

/** The requests whose checksum headers describe their own body (on CompleteMultipartUpload they describe the whole object). */
function hasCheckedBody(request: WireRequest): boolean {
  return request.method === "PUT" || (request.method === "POST" && request.query.has("delete"));
}

function operationName(request: WireRequest): string {
  return (
    targetOperation(request) ||
    cborOperation(request) ||
    new URLSearchParams(request.body.toString("utf8")).get("Action") ||
    `${request.method} ${request.path}`
  );
}

function unverified(raw: RawRequest): WireRequest {
  const { path, rawQuery } = splitTarget(raw.target);
  return {
    method: raw.method,
    path,
    query: new URLSearchParams(rawQuery),
    headers: raw.headers,
    body: raw.body,
  };
}

/** The service of the credential scope, unverified. */
function scopeOf(raw: RawRequest): string | undefined {
  const header = /Credential=[^/\s]+\/\d+\/[^/]*\/([a-z0-9-]+)\//.exec(raw.headers.authorization ?? "");
  const query = /[?&]X-Amz-Credential=[^&]*?(?:%2F|\/)([a-z0-9-]+)(?:%2F|\/)aws4_request/i.exec(raw.target);
  return (header ?? query)?.[1];
}

function asAwsError(error: unknown, route: string, requestId: string): AwsError {
  if (error instanceof AwsError) return error;
  console.error(`sandbox: request ${requestId} failed inside ${route}:`, error);
  return new AwsError(
    route === "s3" ? "InternalError" : "InternalFailure",
    "We encountered an internal error. Please try again. (The sandbox's standard error output has the details.)",
    500,
  );
}
