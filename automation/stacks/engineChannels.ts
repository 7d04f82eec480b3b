/**
 * Connections to engines that do not know of one another. gRPC shares a connection among all clients in a process that ask for
 * the same address, and goes on trying for a client whose engine is gone. Ports come around again in a process that runs many engines:
 * a new engine's program then finds the old connection, failed, and ends with "14 UNAVAILABLE: No connection established"
 * before it has tried its own.
 */
import * as settings from "@pulumi/pulumi/runtime/settings";

const LOCAL_POOL = "grpc.use_local_subchannel_pool";

/** What Pulumi's runtime opens its connections to an engine with. It does not declare it; a test holds that it is there. */
const { grpcClientOptions } = settings as unknown as { grpcClientOptions?: Record<string, unknown> };

/** From now on, each program's connection to its engine is its own. Done again, it changes nothing. */
export function keepConnectionsApart(): void {
  if (grpcClientOptions) grpcClientOptions[LOCAL_POOL] = 1;
}
