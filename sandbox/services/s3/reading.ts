/** Conditions and ranges of reads. Source: RFC 9110, sections 13 and 14, as S3 follows them. */
import { AwsError, type WireResponse } from "../../core";
import type { ObjectVersion } from "./state";

/** 304 where the client has the object already; throws PreconditionFailed (412). */
export function conditionalRead(
  headers: Readonly<Record<string, string>>,
  version: ObjectVersion,
): WireResponse | undefined {
  const modified = Math.floor(Date.parse(version.modified) / 1000);
  const time = (name: string) => (headers[name] === undefined ? undefined : Date.parse(headers[name]) / 1000);
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  const since = time("if-unmodified-since");
  if (match !== undefined ? !names(match, version) : since !== undefined && modified > since)
    throw new AwsError(
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
      412,
    );
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

function names(header: string, { etag }: ObjectVersion): boolean {
  return header
    .split(",")
    .some((each) => each.trim() === "*" || each.trim().replace(/^W\/|"/g, "") === etag.replace(/"/g, ""));
}

/** First and last byte, or undefined for the whole object. Throws InvalidRange (416). */
export function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
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
