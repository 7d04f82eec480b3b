/** A request's way: authenticate, route, parse, faults, authorize, dispatch, record. */
import { randomUUID } from "node:crypto";
import { AwsError, type Call, type ServiceRequest, type WireResponse } from "../core";
import type { Service } from "../protocol/service";
import type { RunningWorld } from "../world";
import { callOf, checkSigned, unverified, verified } from "./authenticate";
import { dispatch } from "./dispatch";
import { playBefore, type Fault, type Faults } from "./faults";
import { parse } from "./parse";
import { record } from "./record";
import { serviceOf } from "./route";
import type { RawRequest } from "./signature/sigv4";

/** The function that answers requests in `world`, with the plan's injected faults if there is one. It never rejects. */
export function createAnswer(
  world: RunningWorld,
  faults?: Faults,
): (raw: RawRequest) => Promise<WireResponse> {
  return async (raw) => {
    const requestId = randomUUID();
    // Until the signature is verified, service and request are guessed from their form, which is enough to word an error.
    const { request: asItCame, scope } = unverified(raw);
    let service = serviceOf(world.declared, scope, asItCame);
    let request: ServiceRequest = { ...asItCame, operation: "", labels: {} };
    let response: WireResponse;
    let call: Call | undefined;
    let fault: Fault | undefined;
    let input: Readonly<Record<string, unknown>> | undefined;
    world.begin(requestId);
    try {
      const authenticated = verified(world, raw);
      service = serviceOf(world.declared, authenticated.service, authenticated.request);
      checkSigned(authenticated, service);
      request = service.match(service.protocol.prepare(authenticated.request));
      call = callOf(world, authenticated, service, request, requestId, raw.clientAddress);
      input = parse(service, request);
      fault = faults?.meet(service.name, request.operation, call.caller.account);
      if (fault?.kind === "dropBefore") return DROPPED;
      if (fault) await playBefore(fault, service.name, request.operation);
      const output = await dispatch(world, service, call, input, request);
      response = service.protocol.respond(output, request, requestId);
      record(world, service, request, { call, input, output });
    } catch (thrown) {
      const error = asAwsError(thrown, service, requestId);
      response = service.protocol.error(error, request, requestId);
      // Before the signature is verified the caller is unknown, so CloudTrail does not record such requests.
      if (call) record(world, service, request, { call, ...(input ? { input } : {}), error });
    } finally {
      world.forget(requestId);
    }
    // A refusal is an answer, too, and can be lost like any other.
    if (fault?.kind === "dropAfter") return DROPPED;
    return { ...response, headers: { ...service.protocol.headers(requestId), ...response.headers } };
  };
}

const DROPPED: WireResponse = { status: 500, dropped: true };

function asAwsError(error: unknown, service: Service, requestId: string): AwsError {
  if (error instanceof AwsError) return error;
  console.error(`sandbox: request ${requestId} failed inside ${service.name}:`, error);
  return new AwsError(
    service.signedAs === "s3" ? "InternalError" : "InternalFailure",
    "We encountered an internal error. Please try again. (The sandbox's standard error output has the details.)",
    500,
  );
}
