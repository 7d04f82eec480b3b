/** Finds the caller from a request's signature, and builds the call. */
import type { Call, Caller, WireRequest } from "../core";
import { findCredential } from "../identity/credentials";
import { splitTarget } from "../protocol/encoding";
import { bucketAndKey } from "../protocol/s3";
import type { Service } from "../protocol/service";
import type { RunningWorld } from "../world";
import { requestContext, signatureContext } from "./requestContext";
import { missingAuthentication, unsupportedMechanism } from "./signature/authErrors";
import { VERSION_2_REGIONS } from "./signature/sigv2";
import { authenticate, type Authenticated, type RawRequest } from "./signature/sigv4";

const anonymous: Caller = {
  kind: "anonymous",
  arn: "anonymous",
  principalArn: "anonymous",
  account: "",
  userId: "anonymous",
};

/** The request after its signature was verified. */
export function verified(world: RunningWorld, raw: RawRequest): Authenticated {
  return authenticate(
    raw,
    (accessKeyId, token) => findCredential(world.store, accessKeyId, token),
    world.now(),
  );
}

/**
 * Rejects requests without a signature, except to S3, which has anonymous callers.
 *
 * @throws AwsError `MissingAuthenticationToken` (403) or the like.
 */
export function checkSigned({ caller }: Authenticated, { name, signedAs }: Service): void {
  if (!caller && signedAs !== "s3") throw missingAuthentication(name);
}

/**
 * The call of a verified request to `service`.
 *
 * @throws AwsError for a signature of version 2 in a region that does not accept it.
 */
export function callOf(
  world: RunningWorld,
  authenticated: Authenticated,
  { signedAs }: Service,
  request: WireRequest,
  requestId: string,
  clientAddress: string | undefined,
): Call {
  const isVersion2 = authenticated.version === 2;
  const region = authenticated.region ?? (isVersion2 ? homeOf(world, request) : "us-east-1");
  if (isVersion2 && !VERSION_2_REGIONS.has(region)) throw unsupportedMechanism();
  return {
    caller: authenticated.caller ?? anonymous,
    region,
    requestId,
    context: {
      ...requestContext(request, region, clientAddress),
      ...(signedAs === "s3" ? signatureContext(authenticated, world.now()) : {}),
    },
  };
}

/** Signature version 2 names no region: the request is served in its bucket's region. */
function homeOf(world: RunningWorld, request: WireRequest): string {
  return world.services.s3.bucketInfo(bucketAndKey(request.path).bucket)?.region ?? "us-east-1";
}

/** The request as it arrived, and the service that its signature names, before either was verified: enough to word an error. */
export function unverified(raw: RawRequest): { request: WireRequest; scope: string | undefined } {
  const { path, rawQuery } = splitTarget(raw.target);
  const header = /Credential=[^/\s]+\/\d+\/[^/]*\/([a-z0-9-]+)\//.exec(raw.headers.authorization ?? "");
  const query = /[?&]X-Amz-Credential=[^&]*?(?:%2F|\/)([a-z0-9-]+)(?:%2F|\/)aws4_request/i.exec(raw.target);
  return {
    request: {
      method: raw.method,
      path,
      query: new URLSearchParams(rawQuery),
      headers: raw.headers,
      body: raw.body,
    },
    scope: (header ?? query)?.[1],
  };
}
