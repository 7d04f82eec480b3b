/** Percent-encoding as AWS uses it in paths, queries and signatures (RFC 3986: all but `A-Z a-z 0-9 - . _ ~`). */
import { gunzipSync } from "node:zlib";
import { AwsError, type WireRequest } from "../core";

/** Percent-encodes everything that is not unreserved. `encodeURIComponent` leaves `!'()*` unencoded. */
export function encodeStrict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-decodes one part of a URL. @throws AwsError `InvalidURI` (400) for invalid UTF-8 percent-encoding */
export function decodeStrict(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidURI", `Couldn't parse the specified URI: ${text.slice(0, 200)}`, 400);
  }
}

/** One `name=value` of a query, decoded. `+` is a space, as in forms. */
export type QueryPair = readonly [name: string, value: string];

/** The decoded pairs of a raw query (without `?`), in their order. */
export function parseQuery(rawQuery: string): QueryPair[] {
  const decode = (text: string) => decodeStrict(text.replace(/\+/g, "%20"));
  return rawQuery
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals < 0
        ? [decode(part), ""]
        : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    });
}

/** Splits a request target into its still encoded path and its raw query. */
export function splitTarget(target: string): { path: string; rawQuery: string } {
  const question = target.indexOf("?");
  return question < 0
    ? { path: target, rawQuery: "" }
    : { path: target.slice(0, question), rawQuery: target.slice(question + 1) };
}

/** Maximum size of a request's body, in bytes. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** SDKs compress large requests, such as PutMetricData; the signature covers the compressed bytes. */
export function uncompressed(request: WireRequest): WireRequest {
  const { "content-encoding": encoding, ...headers } = request.headers;
  if (encoding?.trim().toLowerCase() !== "gzip") return request;
  try {
    return { ...request, headers, body: gunzipSync(request.body, { maxOutputLength: LARGEST_BODY }) };
  } catch {
    throw new AwsError("SerializationException", "The request body is not valid gzip.");
  }
}
