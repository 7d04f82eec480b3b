/** What a request says, read by its service's protocol. */
import type { ServiceRequest } from "../core";
import type { Service } from "../protocol/service";

/** Undefined for what cannot be read, of an operation that the sandbox does not have: that is what the client is to be told. */
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
