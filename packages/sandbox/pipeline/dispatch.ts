/** Runs a request's operation, and saves what it changed. */
import { AwsError, type Call, type ServiceRequest } from "../core";
import type { Service } from "../protocol/service";
import { checked } from "../protocol/shape";
import type { RunningWorld } from "../world";

/**
 * The operation's output, for its protocol to write.
 *
 * @throws AwsError for an operation that the sandbox does not have, for an input without the operation's shape, and what the
 *   operation throws.
 * @throws Error if an operation that is not open to everyone succeeded without an access check.
 */
export async function dispatch(
  world: RunningWorld,
  service: Service,
  call: Call,
  input: object | undefined,
  request: ServiceRequest,
): Promise<unknown> {
  const operation = service.operation(request.operation);
  if (!operation?.run || !input) throw notImplemented(service, request.operation);
  if (operation.shape) checked(operation.shape, input, service.invalid);
  try {
    const output = await operation.run(world, call, input, request);
    if (!operation.open && world.checksOf(call.requestId).length === 0)
      throw new Error(`${service.name}:${request.operation} was answered without an access check`);
    return output;
  } finally {
    // After an error, too: what a service changed before it failed is part of the state, and others already see it.
    await world.store.commit();
  }
}

/** The answer to an operation that the sandbox lacks: an error that names it, never a success. */
function notImplemented({ name, protocol: { unknown } }: Service, operation: string): AwsError {
  return new AwsError(unknown.code, `The sandbox does not implement ${name}:${operation}`, unknown.status);
}
