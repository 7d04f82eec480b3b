/** A service with several protocols, such as CloudWatch, for old and new clients. */
import type { Protocol } from "./service";

/** Reads each request in the first protocol that it matches; in the last, if it matches none. All have the same output. */
export function combined<Output>(
  first: Protocol<Output>,
  ...others: readonly Protocol<Output>[]
): Protocol<Output> {
  const all = [first, ...others];
  const last = all.at(-1) ?? first;
  const of = (request: Parameters<Protocol["speaks"]>[0]) =>
    all.find((protocol) => protocol.speaks(request)) ?? last;
  return {
    ...last,
    speaks: (request) => all.some((protocol) => protocol.speaks(request)),
    router(operations) {
      const routers = new Map(all.map((protocol) => [protocol, protocol.router(operations)]));
      return (request) => (routers.get(of(request)) ?? last.router(operations))(request);
    },
    prepare: (request) => of(request).prepare(request),
    parse: (request) => of(request).parse(request),
    respond: (output, request, requestId) => of(request).respond(output, request, requestId),
    error: (error, request, requestId) => of(request).error(error, request, requestId),
  };
}
