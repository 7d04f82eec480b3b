/**
 * The AWS query protocol of STS, IAM, SNS and CloudWatch: a form in, XML out. Source: Smithy, "AWS query protocol".
 */
import { AwsError, type WireRequest, type WireResponse } from "../core";
import { parseQuery, uncompressed } from "./encoding";
import { requestIdHeader, type Protocol } from "./service";
import { xmlDocument, type XmlContent } from "./xml";

/** The protocol with the XML namespace of the service's version, which ends in the version: `.../doc/2010-05-08/`. */
export function query(namespace: string): Protocol<XmlContent> {
  return {
    unknown: { code: "InvalidAction", status: 400 },
    speaks: (request) => isForm(request) || request.query.has("Action"),
    router: () => (request) => ({
      operation: QueryParameters.of(request).get("Action") ?? `${request.method} ${request.path}`,
      labels: {},
    }),
    prepare: uncompressed,
    parse: queryTree,
    respond: (result, { operation }, requestId) => queryResponse(namespace, operation, requestId, result),
    error: (error, _request, requestId) => queryError(namespace, error, requestId),
    headers: requestIdHeader,
  };
}

/** The same for operations whose output is a tree with plain lists, as in other protocols. */
export function queryOfTrees(namespace: string): Protocol<Readonly<Record<string, unknown>>> {
  const plain = query(namespace);
  return {
    ...plain,
    respond: (output, request, requestId) => plain.respond(xmlTree(output), request, requestId),
  };
}

function isForm(request: WireRequest): boolean {
  const type = request.headers["content-type"] ?? "";
  return request.method === "POST" && type.startsWith("application/x-www-form-urlencoded");
}

/** The parameters of a query request, by their dotted names (`Tags.member.1.Key`). */
export class QueryParameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Reads a request's parameters: the form in its body, and its query. */
  static of(request: WireRequest): QueryParameters {
    return new QueryParameters(new Map([...request.query, ...parseQuery(request.body.toString("utf8"))]));
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws AwsError `ValidationError` (400) if the parameter is absent */
  required(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) {
      const member = name.charAt(0).toLowerCase() + name.slice(1);
      throw new AwsError(
        "ValidationError",
        `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
      );
    }
    return value;
  }

  /** The entries of a list of strings (`name.member.1`, `name.member.2`, ...); undefined if the list was not sent. */
  strings(name: string): string[] | undefined {
    const indexes = this.#indexes(name);
    if (indexes.length === 0) return this.#values.has(name) ? [] : undefined;
    return indexes.map((index) => this.get(`${name}.member.${index}`) ?? "");
  }

  /** The entries of a list of structures, each with its own parameters; undefined if the list was not sent. */
  structures(name: string): QueryParameters[] | undefined {
    const indexes = this.#indexes(name);
    if (indexes.length === 0) return this.#values.has(name) ? [] : undefined;
    return indexes.map((index) => {
      const prefix = `${name}.member.${index}.`;
      const own = [...this.#values].filter(([key]) => key.startsWith(prefix));
      return new QueryParameters(new Map(own.map(([key, value]) => [key.slice(prefix.length), value])));
    });
  }

  #indexes(name: string): number[] {
    const prefix = `${name}.member.`;
    const found = new Set<number>();
    for (const key of this.#values.keys()) {
      const match = key.startsWith(prefix) ? /^\d{1,4}(?=\.|$)/.exec(key.slice(prefix.length)) : null;
      if (match) found.add(Number(match[0]));
    }
    return [...found].sort((a, b) => a - b);
  }
}

/** The parameters as a tree: `Tags.member.1.Key=a` is `{ Tags: [{ Key: "a" }] }`; all values are texts. */
export function queryTree(request: WireRequest): Record<string, unknown> {
  const root: Tree = {};
  for (const [name, value] of [...request.query, ...parseQuery(request.body.toString("utf8"))]) {
    const parts = name.split(".");
    const last = parts.pop() ?? "";
    let node = root;
    for (const part of parts) {
      const next = node[part];
      node = typeof next === "object" ? next : (node[part] = Object.create(null) as Tree);
    }
    node[last] = value;
  }
  const { Action: _action, Version: _version, ...parameters } = root;
  return listed(parameters) as Record<string, unknown>;
}

interface Tree {
  [name: string]: Tree | string;
}

/** Turns `member` and `entry` elements into lists. */
function listed(node: Tree | string): unknown {
  if (typeof node === "string") return node;
  const names = Object.keys(node);
  const only = names.length === 1 ? node[names[0] ?? ""] : undefined;
  if (only !== undefined && (names[0] === "member" || names[0] === "entry")) return listed(only);
  if (names.length > 0 && names.every((name) => /^\d{1,4}$/.test(name)))
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => listed(node[name] ?? ""));
  return Object.fromEntries(names.map((name) => [name, listed(node[name] ?? "")]));
}

/** A result as the protocol writes it: lists become `member` elements, except the entries of a map. */
export function xmlTree(value: unknown, name = ""): XmlContent {
  if (value === undefined || value === null || value instanceof Date) return value ?? undefined;
  if (Array.isArray(value)) {
    const items = value.map((each) => xmlTree(each));
    return name === "entry" ? items : members(items);
  }
  if (typeof value !== "object") return value as string | number | boolean;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, xmlTree(each, key)]));
}

/** A list as the protocol writes it: `<member>` elements. */
export function members(entries: readonly XmlContent[]): XmlContent {
  return { member: entries };
}

/** The answer to `operation`. Without `result` there is no result element (`DeleteRole`). */
export function queryResponse(
  namespace: string,
  operation: string,
  requestId: string,
  result?: XmlContent,
): WireResponse {
  const body = xmlDocument(
    `${operation}Response`,
    {
      [`${operation}Result`]: result,
      ResponseMetadata: { RequestId: requestId },
    },
    { xmlns: namespace },
  );
  return { status: 200, headers: { "content-type": "text/xml" }, body };
}

/** An error as the query protocol writes it. */
export function queryError(namespace: string, error: AwsError, requestId: string): WireResponse {
  const body = xmlDocument(
    "ErrorResponse",
    {
      Error: { Type: error.status >= 500 ? "Receiver" : "Sender", Code: error.code, Message: error.message },
      RequestId: requestId,
    },
    { xmlns: namespace },
  );
  return { status: error.status, headers: { "content-type": "text/xml" }, body };
}
