/**
 * The Smithy RPC v2 CBOR protocol, which the AWS CLI and boto3 use for CloudWatch: the operation in the path, CBOR in and out.
 * Sources: Smithy, "Smithy RPC v2 CBOR protocol"; RFC 8949.
 */
import { AwsError, type WireRequest } from "../core";
import { uncompressed } from "./encoding";
import { requestIdHeader, UNKNOWN_OPERATION, type Protocol } from "./service";

const headers = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

export const cbor: Protocol<Readonly<Record<string, unknown>>> = {
  unknown: UNKNOWN_OPERATION,
  speaks: (request) => request.headers["smithy-protocol"] === "rpc-v2-cbor",
  router: () => (request) => ({ operation: operationOf(request), labels: {} }),
  prepare: uncompressed,
  parse: parseCbor,
  respond: (output) => ({ status: 200, headers, body: encode(output) }),
  error({ code, message, status, fields: { queryCode = code, ...fields } }) {
    const sender = status >= 500 ? "Receiver" : "Sender";
    return {
      status,
      headers: { ...headers, "x-amzn-query-error": `${String(queryCode)};${sender}` },
      body: encode({ __type: code, message, ...fields }),
    };
  },
  headers: requestIdHeader,
};

/** `/service/GraniteServiceVersion20100801/operation/PutMetricAlarm` -> `PutMetricAlarm`; method and path for any other. */
function operationOf({ method, path }: WireRequest): string {
  return /\/service\/[^/]+\/operation\/([^/]+)$/.exec(path)?.[1] ?? `${method} ${path}`;
}

/** The request's map. @throws AwsError `SerializationException` (400) for anything else */
export function parseCbor(request: WireRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  const reader = new Reader(request.body);
  const value = reader.value();
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed();
  return value as Record<string, unknown>;
}

function malformed(): AwsError {
  return new AwsError("SerializationException", "The request body is not a valid CBOR map.");
}

/** Text, numbers, booleans, null, bytes, dates (tag 1), lists and maps of texts. Undefined members are left out. */
export function encode(value: unknown): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Buffer[]): void {
  if (value === null || value === undefined) parts.push(Buffer.from([0xf6]));
  else if (typeof value === "boolean") parts.push(Buffer.from([value ? 0xf5 : 0xf4]));
  else if (typeof value === "number") writeNumber(value, parts);
  else if (typeof value === "string") {
    const bytes = Buffer.from(value, "utf8");
    parts.push(head(3, bytes.length), bytes);
  } else if (value instanceof Date) {
    parts.push(head(6, 1));
    writeNumber(value.getTime() / 1000, parts);
  } else if (Buffer.isBuffer(value)) parts.push(head(2, value.length), value);
  else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const each of value) write(each, parts);
  } else {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    parts.push(head(5, entries.length));
    for (const [name, each] of entries) {
      write(name, parts);
      write(each, parts);
    }
  }
}

function writeNumber(value: number, parts: Buffer[]): void {
  if (Number.isSafeInteger(value)) {
    parts.push(value >= 0 ? head(0, value) : head(1, -1 - value));
    return;
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  parts.push(bytes);
}

function head(major: number, length: number): Buffer {
  const type = major << 5;
  if (length < 24) return Buffer.from([type | length]);
  if (length < 0x100) return Buffer.from([type | 24, length]);
  const bytes = Buffer.alloc(length < 0x10000 ? 3 : length < 0x100000000 ? 5 : 9);
  bytes[0] = type | (bytes.length === 3 ? 25 : bytes.length === 5 ? 26 : 27);
  if (bytes.length === 3) bytes.writeUInt16BE(length, 1);
  else if (bytes.length === 5) bytes.writeUInt32BE(length, 1);
  else bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/** Maximum nesting of lists and maps: no request of AWS's is deeper. */
const DEEPEST = 64;
const BREAK = Symbol("break");

class Reader {
  #at = 0;
  #depth = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(): unknown {
    const value = this.#next();
    if (value === BREAK) throw malformed();
    return value;
  }

  #take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw malformed();
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** Undefined for an indefinite length. */
  #length(info: number): number | undefined {
    if (info < 24) return info;
    if (info === 31) return undefined;
    if (info === 24) return this.#take(1).readUInt8();
    if (info === 25) return this.#take(2).readUInt16BE();
    if (info === 26) return this.#take(4).readUInt32BE();
    if (info === 27) return Number(this.#take(8).readBigUInt64BE());
    throw malformed();
  }

  #next(): unknown {
    const first = this.#take(1).readUInt8();
    const [major, info] = [first >> 5, first & 31];
    if (major === 7) return this.#simple(info);
    const length = this.#length(info);
    if (length === undefined && (major < 2 || major === 6)) throw malformed();
    if (major === 0) return length;
    if (major === 1) return -1 - (length ?? 0);
    if (++this.#depth > DEEPEST) throw malformed();
    const value = this.#compound(major, length);
    this.#depth--;
    return value;
  }

  #compound(major: number, length: number | undefined): unknown {
    if (major === 6) {
      const value = this.value();
      return length === 1 && typeof value === "number" ? new Date(value * 1000) : value;
    }
    if (major === 4) return [...this.#items(length)];
    if (major === 5) {
      const entries: [string, unknown][] = [];
      for (const name of this.#items(length)) entries.push([String(name), this.value()]);
      return Object.fromEntries(entries);
    }
    const bytes =
      length === undefined
        ? Buffer.concat([...this.#items(undefined)].map((part) => Buffer.from(part as string | Buffer)))
        : this.#take(length);
    return major === 3 ? bytes.toString("utf8") : Buffer.from(bytes);
  }

  *#items(length: number | undefined): Generator {
    for (let index = 0; length === undefined || index < length; index++) {
      const item = this.#next();
      if (item === BREAK) {
        if (length === undefined) return;
        throw malformed();
      }
      yield item;
    }
  }

  #simple(info: number): unknown {
    if (info === 20) return false;
    if (info === 21) return true;
    if (info === 22 || info === 23) return null;
    if (info === 25) return halfFloat(this.#take(2).readUInt16BE());
    if (info === 26) return this.#take(4).readFloatBE();
    if (info === 27) return this.#take(8).readDoubleBE();
    if (info === 31) return BREAK;
    throw malformed();
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}
