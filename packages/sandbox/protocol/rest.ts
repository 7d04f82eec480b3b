/**
 * Helpers of the REST protocols: REST-XML (S3) and REST-JSON (Feature Store runtime).
 * Sources: Amazon S3 API Reference, "REST error responses"; Smithy, "AWS REST JSON 1 protocol".
 */
import type { AwsError, WireResponse } from "../core";
import { decodeStrict } from "./encoding";
import { xmlDocument, type XmlContent } from "./xml";

/** The path's segments, decoded: `/FeatureGroup/a%20b` -> `["FeatureGroup", "a b"]`. */
export function pathSegments(path: string): string[] {
  return path.replace(/^\//, "").split("/").map(decodeStrict);
}

/** Bucket and key of a path-style S3 path, decoded; either is empty where the path ends before it. */
export function bucketAndKey(path: string): { bucket: string; key: string } {
  const rest = path.replace(/^\//, "");
  const slash = rest.indexOf("/");
  return slash < 0
    ? { bucket: decodeStrict(rest), key: "" }
    : { bucket: decodeStrict(rest.slice(0, slash)), key: decodeStrict(rest.slice(slash + 1)) };
}

/** The bucket of a virtual-hosted address (`BUCKET.localhost`, `BUCKET.s3.localhost`); undefined for a path-style one. */
export function virtualHost(host: string | undefined): string | undefined {
  return /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.(?:s3\.)?localhost(?::\d+)?$/.exec(host ?? "")?.[1];
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

/** An error as S3 writes it: the fields stand beside code and message. A HEAD request gets no body (the server removes it). */
export function s3Error(error: AwsError, requestId: string): WireResponse {
  const fields = Object.entries(error.fields).map(([name, value]) => [name, String(value)]);
  const response = xmlResponse(
    "Error",
    {
      Code: error.code,
      Message: error.message,
      ...(Object.fromEntries(fields) as Record<string, string>),
      RequestId: requestId,
      HostId: "sandbox",
    },
    undefined,
    error.status,
  );
  const { Region: region } = error.fields;
  // HEAD has no body to tell where the bucket is.
  return typeof region === "string"
    ? { ...response, headers: { ...response.headers, "x-amz-bucket-region": region } }
    : response;
}

/** An error as REST-JSON services write it. */
export function restJsonError(error: AwsError): WireResponse {
  return {
    status: error.status,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
    body: JSON.stringify({ Message: error.message, ...error.fields }),
  };
}
