/**
 * Reads a request's signature: `Authorization: AWS4-HMAC-SHA256 ...`, or `X-Amz-*` of a presigned URL.
 * Source: IAM User Guide, "Authentication methods" of Signature Version 4.
 */
import { AwsError } from "../../core";
import type { QueryPair } from "../../protocol/encoding";
import { unsupportedMechanism } from "./authErrors";

export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDD'T'HHMMSS'Z'`, and the same as a date. */
  readonly time: string;
  readonly signedAt: Date;
  readonly sessionToken?: string;
  readonly presigned: boolean;
  /** A presigned URL's validity. Absent if the service allows leaving it out (not S3): then the clock-skew rule applies. */
  readonly expiresSeconds?: number;
}

const week = 7 * 24 * 3600;

/** The request's signature, or undefined if it has none. @throws AwsError for one that is malformed */
export function readAuthorization(
  headers: Readonly<Record<string, string>>,
  query: readonly QueryPair[],
): Authorization | undefined {
  const header = headers.authorization;
  const parameters = new Map(query);
  const algorithm = parameters.get("X-Amz-Algorithm");
  if (header !== undefined && algorithm !== undefined)
    throw new AwsError(
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
    );
  if (header !== undefined) return fromHeader(header, headers);
  if (algorithm !== undefined) return fromQuery(algorithm, parameters);
  return undefined;
}

function fromHeader(header: string, headers: Readonly<Record<string, string>>): Authorization {
  const [algorithm = "", rest = ""] = splitOnce(header.trim(), /\s+/);
  // Signature version 2 in a header: only S3 ever accepted it.
  if (algorithm === "AWS") throw unsupportedMechanism();
  if (algorithm !== "AWS4-HMAC-SHA256")
    throw new AwsError(
      "IncompleteSignature",
      `Unsupported authorization type '${algorithm}': the sandbox verifies AWS4-HMAC-SHA256.`,
    );
  const parts = new Map(rest.split(",").map((part) => splitOnce(part.trim(), /=/)));
  const needed = (name: string): string => {
    const value = parts.get(name);
    if (!value)
      throw new AwsError("IncompleteSignature", `Authorization header requires '${name}' parameter.`);
    return value;
  };
  const time = headers["x-amz-date"] ?? timeOfHttpDate(headers.date);
  if (time === undefined)
    throw new AwsError(
      "IncompleteSignature",
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  return {
    ...readCredential(needed("Credential"), time),
    signedHeaders: readSignedHeaders(needed("SignedHeaders")),
    signature: needed("Signature"),
    sessionToken: headers["x-amz-security-token"],
    presigned: false,
  };
}

function fromQuery(algorithm: string, parameters: ReadonlyMap<string, string>): Authorization {
  const fail = (message: string) => new AwsError("AuthorizationQueryParametersError", message);
  if (algorithm !== "AWS4-HMAC-SHA256") throw fail('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const needed = (name: string): string => {
    const value = parameters.get(name);
    if (!value)
      throw fail(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      );
    return value;
  };
  const credential = readCredential(needed("X-Amz-Credential"), needed("X-Amz-Date"));
  const stated = credential.service === "s3" ? needed("X-Amz-Expires") : parameters.get("X-Amz-Expires");
  const expiresSeconds = stated === undefined ? undefined : Number(stated);
  if (expiresSeconds !== undefined) {
    if (!Number.isInteger(expiresSeconds)) throw fail("X-Amz-Expires should be a number");
    if (expiresSeconds < 0) throw fail("X-Amz-Expires must be non-negative");
    if (expiresSeconds > week)
      throw fail(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
      );
  }
  return {
    ...credential,
    signedHeaders: readSignedHeaders(needed("X-Amz-SignedHeaders")),
    signature: needed("X-Amz-Signature"),
    sessionToken: parameters.get("X-Amz-Security-Token"),
    presigned: true,
    expiresSeconds,
  };
}

function readCredential(
  credential: string,
  time: string,
): Pick<Authorization, "accessKeyId" | "date" | "region" | "service" | "time" | "signedAt"> {
  const match = /^([A-Za-z0-9]{1,128})\/(\d{8})\/([a-z0-9-]*)\/([a-z0-9-]+)\/aws4_request$/.exec(credential);
  if (!match)
    throw new AwsError(
      "IncompleteSignature",
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  const [, accessKeyId = "", date = "", region = "", service = ""] = match;
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  const signedAt = parts
    ? new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`)
    : new Date(NaN);
  if (Number.isNaN(signedAt.getTime()))
    throw new AwsError(
      "IncompleteSignature",
      `Date must be in ISO-8601 'basic format'. Got '${time}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  if (!time.startsWith(date))
    throw new AwsError(
      "SignatureDoesNotMatch",
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${time.slice(0, 8)}', from '${time}'.`,
      403,
    );
  return { accessKeyId, date, region: region || "us-east-1", service, time, signedAt };
}

function readSignedHeaders(list: string): string[] {
  const names = list.toLowerCase().split(";");
  if (!names.includes("host"))
    throw new AwsError(
      "SignatureDoesNotMatch",
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      403,
    );
  return names;
}

function splitOnce(text: string, separator: RegExp): [string, string] {
  const match = separator.exec(text);
  return match ? [text.slice(0, match.index), text.slice(match.index + match[0].length)] : [text, ""];
}

function timeOfHttpDate(date: string | undefined): string | undefined {
  if (date === undefined) return undefined;
  const parsed = new Date(date);
  if (Number.isNaN(parsed.getTime())) return date;
  return parsed.toISOString().replace(/[-:]|\.\d{3}/g, "");
}
