/** The parts that the REST protocols share: routing by method, path, query and headers, and XML answers. */
import type { ServiceRequest, WireRequest, WireResponse } from "../core";
import { decodeStrict } from "./encoding";
import type { Protocol } from "./service";
import { xmlDocument, type XmlContent } from "./xml";

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
  readonly query: ReadonlyMap<string, string | undefined>;
  readonly header?: string;
}

/**
 * Finds each request's operation by the operations' `on`, in the form of AWS's API models: method, path with labels (`{Name}` is one segment,
 * `{Name+}` the rest), required query parameters (`?list-type=2`, `?uploadId`), and, after ` with `, a required header. If several match, the
 * one with the most requirements wins.
 *
 * @param named names a request that matches no operation; left out: by method and path.
 * @param isKnown false for a query parameter that only a route which names it may have; left out: all are allowed.
 */
export function restRouter(
  operations: Parameters<Protocol["router"]>[0],
  named = ({ method, path }: WireRequest) => `${method} ${path}`,
  isKnown: (parameter: string) => boolean = () => true,
): ReturnType<Protocol["router"]> {
  const routes = Object.entries(operations)
    .map(([operation, { on = `POST /${operation}` }]) => routeOf(operation, on))
    .sort((a, b) => demands(b) - demands(a));
  return (request) => {
    const unknown = [...request.query.keys()].find((parameter) => !isKnown(parameter));
    for (const { operation, method, path, query, header } of routes) {
      const labels = method === request.method ? path.exec(request.path) : null;
      if (!labels || (header !== undefined && request.headers[header] === undefined)) continue;
      if (unknown !== undefined && !query.has(unknown)) continue;
      const fits = [...query].every(([name, value]) =>
        value === undefined ? request.query.has(name) : request.query.get(name) === value,
      );
      if (fits) return { operation, labels: decoded(labels) };
    }
    return { operation: named(request), labels: {} };
  };
}

function routeOf(operation: string, on: string): Route {
  const [request = "", header] = on.split(" with ");
  const [method = "", target = ""] = request.split(" ");
  const [path = "", query = ""] = target.split("?");
  const pattern = path
    .split(/(\{\w+\+?\})/)
    .map((part) => part.replace(/^\{(\w+)\}$/, "(?<$1>[^/]+)").replace(/^\{(\w+)\+\}$/, "(?<$1>.+)"));
  return {
    operation,
    method,
    path: new RegExp(`^${pattern.join("")}/?$`),
    query: new Map(query.split("&").flatMap((part) => (part === "" ? [] : [pairOf(part)]))),
    ...(header === undefined ? {} : { header }),
  };
}

function pairOf(part: string): [string, string | undefined] {
  const [name = "", value] = part.split("=");
  return [name, value];
}

const demands = ({ query, header }: Route) => query.size + (header === undefined ? 0 : 1);

function decoded({ groups = {} }: RegExpExecArray): ServiceRequest["labels"] {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeStrict(value)]));
}

/** An XML answer. */
export function xmlResponse(
  root: string,
  content: XmlContent,
  namespace?: string,
  status = 200,
): WireResponse {
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: xmlDocument(root, content, namespace ? { xmlns: namespace } : {}),
  };
}
