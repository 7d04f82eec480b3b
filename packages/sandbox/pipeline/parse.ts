/** Reads a request's members by its service's protocol. */
import type { ServiceRequest } from "../core";
import type { Service } from "../protocol/service";

/** Undefined if a request for an operation that the sandbox lacks cannot be read: the client should learn that the operation is missing. */
export function parse(
  service: Service,
  request: ServiceRequest,
): Readonly<Record<string, unknown>> | undefined {
  try {
    return service.protocol.parse(request);
  } catch (error) {
    if (service.operation(request.operation)?.run) throw error;
    return undefined;
  }
}
