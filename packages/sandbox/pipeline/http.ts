/** The HTTP side: a server on the loopback interface only, which passes complete requests to one function. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WireResponse } from "../core";
import type { RawRequest } from "./signature/sigv4";

const host = "127.0.0.1";
/** Bodies are held in memory: enough for every part of a multipart upload at clients' default sizes. */
const maximumBody = 256 * 1024 * 1024;

export interface HttpServer {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** Accepts no new requests, lets running ones finish, and resolves. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. `port` 0 takes any free one. Rejects with Node's error (`EADDRINUSE`, `EACCES`). */
export async function listen(
  port: number,
  answer: (request: RawRequest) => Promise<WireResponse>,
): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, answer).catch((error: unknown) => {
      // The client disconnected, or did not send HTTP: there is nobody to answer.
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return { endpoint: `http://${host}:${address.port}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // A client that neither finishes its request nor hangs up must not keep the sandbox alive.
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: RawRequest) => Promise<WireResponse>,
): Promise<void> {
  const body = await readBody(incoming);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: "close" });
    outgoing.end(`The request body is larger than the sandbox's limit of ${maximumBody} bytes.\n`);
    return;
  }
  const target = ownTarget(incoming.url ?? "/", incoming.socket.localPort);
  if (target === undefined) {
    outgoing.writeHead(421);
    outgoing.end("The sandbox is an HTTP proxy for its own addresses only.\n");
    return;
  }
  const response = await answer({
    method: incoming.method ?? "GET",
    target,
    headers: readHeaders(incoming.rawHeaders),
    body,
    clientAddress: incoming.socket.remoteAddress,
  });
  if (response.dropped) {
    outgoing.destroy();
    return;
  }
  const bytes = typeof response.body === "string" ? Buffer.from(response.body, "utf8") : response.body;
  const bare = response.status === 204 || response.status === 304;
  const headers: Record<string, string> = {};
  // Node writes headers as Latin-1: pass it the UTF-8 bytes of non-ASCII text (object metadata).
  for (const [name, value] of Object.entries(response.headers ?? {}))
    headers[name] = Buffer.from(value, "utf8").toString("latin1");
  if (incoming.method === "HEAD" || bare) {
    outgoing.writeHead(response.status, headers);
    outgoing.end();
    return;
  }
  headers["content-length"] = String(bytes?.length ?? 0);
  outgoing.writeHead(response.status, headers);
  outgoing.end(bytes);
}

/**
 * Path and query of a request, including one sent as to a proxy, with a full URL: S3 Control's clients put the account before the host, and
 * `222222222222.127.0.0.1` cannot be resolved. Undefined if the address is not the sandbox's.
 */
function ownTarget(target: string, port: number | undefined): string | undefined {
  const address = /^http:\/\/([^/?#]*)(.*)$/i.exec(target);
  if (!address) return target;
  const [, authority = "", rest = ""] = address;
  const own = /^(?:[a-z0-9.-]+\.)?(?:127\.0\.0\.1|localhost):(\d+)$/i.exec(authority);
  if (Number(own?.[1]) !== port) return undefined;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maximumBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Joins repeated headers with `,` as signatures do; values are UTF-8, which Node reads as Latin-1. */
function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    const value = Buffer.from(raw[index + 1] ?? "", "latin1").toString("utf8");
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
  }
  return headers;
}
