/**
 * Separate connections to engines. gRPC shares a connection among all clients of an address in a process, and keeps retrying for
 * a client whose engine has ended. A process that runs many engines reuses ports: a new engine's program then gets the old,
 * failed connection, and ends with "14 UNAVAILABLE: No connection established".
 */
import * as settings from "@pulumi/pulumi/runtime/settings";

const LOCAL_POOL = "grpc.use_local_subchannel_pool";

/** Options of the connections that Pulumi's runtime opens to an engine. Not in its declarations; a test checks that they exist. */
const { grpcClientOptions } = settings as unknown as { grpcClientOptions?: Record<string, unknown> };

/** From now on, each program has its own connection to its engine. Idempotent. */
export function keepConnectionsApart(): void {
  if (grpcClientOptions) grpcClientOptions[LOCAL_POOL] = 1;
}
