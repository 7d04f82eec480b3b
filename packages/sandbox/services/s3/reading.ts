/** Conditions and ranges of reads. Source: RFC 9110, sections 13 and 14, as S3 follows them. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import type { ObjectVersion } from "./state";

/** Returns 304 if the client already has the object; throws PreconditionFailed (412). */
export function conditionalRead(
  headers: Readonly<Record<string, string>>,
  version: ObjectVersion,
): WireResponse | undefined {
  const modified = Math.floor(Date.parse(version.modified) / 1000);
  const time = (name: string) => (headers[name] === undefined ? undefined : Date.parse(headers[name]) / 1000);
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  const since = time("if-unmodified-since");
  if (match !== undefined ? !names(match, version) : since !== undefined && modified > since)
    throw preconditionFailed(match !== undefined ? "If-Match" : "If-Unmodified-Since");
  const modifiedSince = time("if-modified-since");
  const isKnown =
    noneMatch !== undefined
      ? names(noneMatch, version)
      : modifiedSince !== undefined && modified <= modifiedSince;
  return isKnown
    ? {
        status: 304,
        headers: { etag: version.etag, "last-modified": new Date(version.modified).toUTCString() },
      }
    : undefined;
}

export function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    412,
    { Condition: condition },
  );
}

/** The conditions of a copy on its source; a copy never gets 304. @throws AwsError PreconditionFailed (412) */
export function checkCopySource(headers: Readonly<Record<string, string>>, version: ObjectVersion): void {
  const prefix = "x-amz-copy-source-";
  const conditions = Object.entries(headers).filter(([name]) => name.startsWith(`${prefix}if-`));
  const own = Object.fromEntries(conditions.map(([name, value]) => [name.slice(prefix.length), value]));
  if (conditionalRead(own, version))
    throw preconditionFailed(
      own["if-none-match"] === undefined
        ? "x-amz-copy-source-If-Modified-Since"
        : "x-amz-copy-source-If-None-Match",
    );
}

export interface Section {
  /** First and last byte; of an empty part `to` is before `from`. */
  readonly from: number;
  readonly to: number;
}

/** The part of the object that a read asks for: a range, or a part; undefined for the whole. @throws AwsError InvalidRange, InvalidPartNumber (416) */
export function sectionOf({ headers, query }: WireRequest, version: ObjectVersion): Section | undefined {
  const part = query.get("partNumber");
  if (part === null) return rangeOf(headers["range"], version.size);
  if (headers["range"] !== undefined)
    throw new AwsError(
      "InvalidRequest",
      "Cannot specify both Range header and partNumber query parameter",
      400,
    );
  const number = Number(part);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new AwsError(
      "InvalidArgument",
      "Part number must be an integer between 1 and 10000, inclusive",
      400,
      { ArgumentName: "partNumber", ArgumentValue: part },
    );
  // An object that was put as a whole has one part.
  const parts = version.partList ?? [{ number: 1, size: version.size }];
  const size = parts[number - 1]?.size;
  if (size === undefined)
    throw new AwsError("InvalidPartNumber", "The requested partnumber is not satisfiable", 416, {
      PartNumberRequested: number,
      ActualPartCount: parts.length,
    });
  const from = parts.slice(0, number - 1).reduce((sum, each) => sum + each.size, 0);
  return { from, to: from + size - 1 };
}

/** The headers that a section has instead of the whole object's. */
export function sectionHeaders(
  { from, to }: Section,
  size: number,
  whole: Readonly<Record<string, string>>,
): Record<string, string> {
  // Checksums are of the whole object: a client would compare them with the section.
  const rest = Object.entries(whole).filter(([name]) => !name.startsWith("x-amz-checksum-"));
  return {
    ...(Object.fromEntries(rest) as Record<string, string>),
    ...(to < from ? {} : { "content-range": `bytes ${from}-${to}/${size}` }),
  };
}

function names(header: string, { etag }: ObjectVersion): boolean {
  return header
    .split(",")
    .some((each) => each.trim() === "*" || each.trim().replace(/^W\/|"/g, "") === etag.replace(/"/g, ""));
}

/** First and last byte, or undefined for the whole object. @throws AwsError InvalidRange (416) */
export function rangeOf(header: string | undefined, size: number): Section | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (from >= size || from > to)
    throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416, {
      RangeRequested: header,
      ActualObjectSize: size,
    });
  return { from, to };
}
