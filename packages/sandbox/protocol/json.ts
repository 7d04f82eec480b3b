/**
 * The AWS JSON protocols: the operation in `X-Amz-Target`, JSON in and out. KMS, SageMaker, Glue and Athena use version 1.1; SQS and
 * CloudWatch version 1.0. Sources: Smithy, "AWS JSON 1.1 protocol" and "AWS JSON 1.0 protocol".
 */
import { AwsError, type WireRequest, type WireResponse } from "../core";
import { uncompressed } from "./encoding";
import { requestIdHeader, UNKNOWN_OPERATION, type Protocol } from "./service";

type JsonObject = Readonly<Record<string, unknown>>;

/** Version 1.1 of the protocol, with the service's part of `X-Amz-Target`: `TrentService` of `TrentService.Decrypt`. */
export function json(target: string): Protocol<JsonObject> {
  return {
    target,
    unknown: UNKNOWN_OPERATION,
    speaks: (request) => request.headers["x-amz-target"] !== undefined,
    router: () => (request) => ({ operation: targetOperation(request), labels: {} }),
    prepare: uncompressed,
    parse: parseJson,
    respond: (output) => jsonResponse(output),
    error: (error) => jsonError(error),
    headers: requestIdHeader,
  };
}

/**
 * Version 1.0, for services that once used the query protocol: a header has an error's old code. Dates are seconds. Source: Smithy, "AWS
 * Query Compatible".
 */
export function json10(target: string): Protocol<JsonObject> {
  const inVersion = (response: WireResponse, headers = {}) => ({
    ...response,
    headers: { ...response.headers, "content-type": "application/x-amz-json-1.0", ...headers },
  });
  return {
    ...json(target),
    respond: (output) => inVersion(jsonResponse(withSeconds(output) as JsonObject)),
    error({ code, message, status, fields: { queryCode = code, ...fields } }) {
      const sender = status >= 500 ? "Receiver" : "Sender";
      const headers = { "x-amzn-query-error": `${String(queryCode)};${sender}` };
      return inVersion(jsonError(new AwsError(code, message, status, fields)), headers);
    },
  };
}

function withSeconds(value: unknown): unknown {
  if (value instanceof Date) return jsonDate(value);
  if (Array.isArray(value)) return value.map(withSeconds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withSeconds(each)]));
}

/** The operation that `X-Amz-Target` names: `TrentService.Decrypt` -> `Decrypt`; method and path without the header. */
function targetOperation({ method, path, headers }: WireRequest): string {
  const target = headers["x-amz-target"] ?? "";
  return target.slice(target.lastIndexOf(".") + 1) || `${method} ${path}`;
}

/**
 * The request's JSON object.
 *
 * @throws AwsError `SerializationException` (400) for anything else.
 */
export function parseJson(request: WireRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new AwsError("SerializationException", "The request body must be a JSON object.");
  return value as Record<string, unknown>;
}

/** A JSON answer. Dates must already be numbers (seconds since 1970), as the protocol writes them. */
function jsonResponse(value: JsonObject): WireResponse {
  return { status: 200, headers: { "content-type": contentType }, body: JSON.stringify(value) };
}

const contentType = "application/x-amz-json-1.1";

/** A date as JSON protocols write it: seconds since 1970 with milliseconds. */
export function jsonDate(date: Date): number {
  return date.getTime() / 1000;
}

function jsonError(error: AwsError): WireResponse {
  return {
    status: error.status,
    headers: { "content-type": contentType, "x-amzn-errortype": error.code },
    body: JSON.stringify({ __type: error.code, message: error.message, ...error.fields }),
  };
}
