/** Reports an answered request to CloudTrail. */
import type { AnsweredRequest, ServiceRequest } from "../core";
import type { Service } from "../protocol/service";
import type { RunningWorld } from "../world";

type Answered = Pick<AnsweredRequest, "call" | "input" | "output" | "error">;

/** The event has the operation's name, unless AWS documents another one there. */
export function record(
  world: RunningWorld,
  service: Service,
  request: ServiceRequest,
  answered: Answered,
): void {
  const { operation: name } = request;
  const declared = service.operation(name);
  world.services.cloudtrail.record({
    ...answered,
    service: service.name,
    event: declared?.event ?? name,
    reads: declared?.reads ?? /^(Get|List|Describe|Head)/.test(name),
    data: declared?.data ?? false,
    request,
    checks: world.checksOf(answered.call.requestId),
  });
}
