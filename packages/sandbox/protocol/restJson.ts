/**
 * The REST-JSON protocol of Feature Store's runtime and Lake Formation: the operation in method and path, JSON in and out.
 * Source: Smithy, "AWS REST JSON 1 protocol".
 */
import type { WireRequest } from "../core";
import { uncompressed } from "./encoding";
import { parseJson } from "./json";
import { restRouter } from "./rest";
import { requestIdHeader, UNKNOWN_OPERATION, type Protocol } from "./service";

/**
 * An operation without `on` is `POST /NAME`. The input is the body together with the query's parameters and the path's labels. Without output
 * the body is empty.
 * @param lists members that are lists, by their query parameters, which may be repeated
 */
export function restJson(lists: Readonly<Record<string, string>> = {}): Protocol<object | void> {
  const members = ({ query }: WireRequest) =>
    [...query.keys()].map((name): [string, unknown] => {
      const list = lists[name];
      return list === undefined ? [name, query.get(name)] : [list, query.getAll(name)];
    });
  return {
    unknown: UNKNOWN_OPERATION,
    speaks: () => true,
    router: (operations) => restRouter(operations, named),
    prepare: uncompressed,
    parse: (request) => ({
      ...parseJson(request),
      ...Object.fromEntries(members(request)),
      ...request.labels,
    }),
    respond: (output) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: output === undefined ? "" : JSON.stringify(output),
    }),
    error: ({ code, message, status, fields }) => ({
      status,
      headers: { "content-type": "application/json", "x-amzn-errortype": code },
      body: JSON.stringify({ Message: message, ...fields }),
    }),
    headers: requestIdHeader,
  };
}

/** An operation that the sandbox lacks: most have their name as path. */
const named = ({ method, path }: WireRequest) =>
  method === "POST" && /^\/[A-Z]\w+$/.test(path) ? path.slice(1) : `${method} ${path}`;
