/**
 * The AWS JSON 1.1 protocol of KMS, SageMaker, Glue and Athena: the operation in `X-Amz-Target`, JSON in and out.
 * Source: Smithy, "AWS JSON 1.1 protocol".
 */
import { AwsError, type WireRequest, type WireResponse } from "../core";

const contentType = "application/x-amz-json-1.1";

/** The operation that `X-Amz-Target` names: `TrentService.Decrypt` -> `Decrypt`. Empty without the header. */
export function targetOperation(request: WireRequest): string {
  const target = request.headers["x-amz-target"] ?? "";
  return target.slice(target.lastIndexOf(".") + 1);
}

/** The request's JSON object. Throws `SerializationException` (400) for anything else. */
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
export function jsonResponse(value: Readonly<Record<string, unknown>>, status = 200): WireResponse {
  return { status, headers: { "content-type": contentType }, body: JSON.stringify(value) };
}

/** The answer of a service that speaks version 1.0 of the protocol (SQS, CloudWatch). */
export function json10Response(value: Readonly<Record<string, unknown>>): WireResponse {
  return { ...jsonResponse(value), headers: { "content-type": "application/x-amz-json-1.0" } };
}

/**
 * An error of a service that once spoke the query protocol: the code of old is in a header.
 * Source: Smithy, "AWS Query Compatible".
 */
export function queryCompatibleError(error: AwsError): WireResponse {
  const { queryCode = error.code, ...fields } = error.fields;
  const fault = error.status >= 500 ? "Receiver" : "Sender";
  const answer = jsonError(new AwsError(error.code, error.message, error.status, fields));
  const headers = {
    ...answer.headers,
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-query-error": `${String(queryCode)};${fault}`,
  };
  return { ...answer, headers };
}

/** A date as JSON protocols write it: seconds since 1970 with milliseconds. */
export function jsonDate(date: Date): number {
  return date.getTime() / 1000;
}

export function jsonError(error: AwsError): WireResponse {
  return {
    status: error.status,
    headers: { "content-type": contentType, "x-amzn-errortype": error.code },
    body: JSON.stringify({ __type: error.code, message: error.message, ...error.fields }),
  };
}
