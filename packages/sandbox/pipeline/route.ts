/** Finds a request's service and operation, once: all later steps use this name. */
import type { WireRequest } from "../core";
import { json } from "../protocol/json";
import { query } from "../protocol/query";
import { restJson } from "../protocol/restJson";
import { defineService, UNKNOWN_OPERATION, type Protocol, type Service } from "../protocol/service";

/**
 * The service: from the credential scope of the signature; without one from the target or form, and otherwise S3, because only S3 has
 * anonymous requests. A service that the sandbox lacks becomes one without operations, which answers in a protocol that the client
 * understands.
 */
export function serviceOf(
  services: readonly Service[],
  scope: string | undefined,
  request: WireRequest,
): Service {
  const accepting = services.filter(({ accepts }) => accepts?.(request) ?? true);
  if (scope !== undefined)
    return accepting.find(({ signedAs }) => signedAs === scope) ?? absent(scope, request);
  const target = request.headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined)
    return (
      accepting.find(({ protocol }) => protocol.target === target) ?? absent(target.toLowerCase(), request)
    );
  const named = (wanted: string) => accepting.find(({ name }) => name === wanted) ?? absent(wanted, request);
  const special = accepting.find(({ accepts }) => accepts !== undefined);
  if (special) return special;
  if (!asForm.speaks(request)) return named("s3");
  return named(request.body.includes("Version=2010-05-08") ? "iam" : "sts");
}

const asForm = query("https://sts.amazonaws.com/doc/2011-06-15/");

function absent(name: string, request: WireRequest): Service {
  const target = request.headers["x-amz-target"];
  const protocol: Protocol<never> =
    target !== undefined ? json(target) : asForm.speaks(request) ? asForm : restJson();
  return defineService({ name, protocol: { ...protocol, unknown: UNKNOWN_OPERATION }, operations: {} });
}
