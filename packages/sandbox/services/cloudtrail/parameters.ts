/** What a request asked and what it got, as CloudTrail writes it: never records, credentials, keys or messages. */
import type { AnsweredRequest, WireRequest } from "../../core";
import { isCbor, parseCbor } from "../../protocol/cbor";
import { queryTree } from "../../protocol/query";
import { bucketAndKey, pathSegments } from "../../protocol/rest";
import { isS3Control, taggedArn } from "../../protocol/s3Control";

type Tree = Record<string, unknown>;

/** Members that are left out wherever they stand, in lower case: secrets, and contents of data. */
const LEFT_OUT = new Set([
  "plaintext",
  "ciphertextblob",
  "granttokens",
  "granttoken",
  "secretaccesskey",
  "sessiontoken",
  "password",
  "record",
  "records",
  "identifiers",
  "recordidentifiervalueasstring",
  "receipthandle",
  "entries",
  "messageattributes",
  "executionparameters",
  "resultset",
]);
/** Members whose value is replaced by a word that says so. */
const HIDDEN: Readonly<Record<string, string>> = {
  querystring: "***OMITTED***",
  message: "HIDDEN_DUE_TO_SECURITY_REASONS",
  subject: "HIDDEN_DUE_TO_SECURITY_REASONS",
  messagebody: "HIDDEN_DUE_TO_SECURITY_REASONS",
};
/** Characters: of a longer text CloudTrail keeps the start. Policies are the longest that matter. */
const LONGEST = 40_000;
/** Bytes: what is larger is told as that. Source: CloudTrail User Guide, "CloudTrail record contents" (`Size`). */
const LARGEST = 100_000;

export function requestParameters(answered: AnsweredRequest): Tree | null {
  const { route, request } = answered;
  if (route === "s3") return s3Parameters(answered);
  if (route === "featurestore") {
    const [, ...rest] = pathSegments(request.path);
    // An ARN has a slash of its own, which may come as it is; a POST's operation stands last.
    const group = (request.method === "POST" ? rest.slice(0, -1) : rest).join("/");
    return group === "" ? null : { featureGroupName: group };
  }
  if (request.body.length > LARGEST) return { omitted: true, originalSize: request.body.length };
  try {
    if (isCbor(request)) return shown(parseCbor(request)) as Tree;
    const isForm = (request.headers["content-type"] ?? "").includes("form-urlencoded");
    return orNull(shown(isForm ? queryTree(request) : JSON.parse(request.body.toString("utf8") || "null")));
  } catch {
    return null; // what could not be read was refused
  }
}

function s3Parameters({ request }: AnsweredRequest): Tree {
  if (isS3Control(request)) return s3ControlParameters(request);
  const { bucket, key } = bucketAndKey(request.path);
  const { host = "" } = request.headers;
  const query = Object.fromEntries([...request.query].filter(([name]) => !/^x-amz-/i.test(name)));
  const common = { ...(bucket ? { bucketName: bucket } : {}), Host: host, ...(key ? { key } : {}), ...query };
  if (!request.query.has("policy") || request.method !== "PUT" || key) return common;
  try {
    return { ...common, bucketPolicy: JSON.parse(request.body.toString("utf8")) as unknown };
  } catch {
    return common;
  }
}

function s3ControlParameters(request: WireRequest): Tree {
  const tagKeys = request.query.getAll("tagKeys");
  return {
    resourceArn: taggedArn(request),
    accountId: request.headers["x-amz-account-id"],
    Host: request.headers.host ?? "",
    ...(tagKeys.length > 0 ? { tagKeys } : {}),
  };
}

/** Null for what only reads, and for what failed. */
export function responseElements({ route, response }: AnsweredRequest, readOnly: boolean): Tree | null {
  if (!response || (readOnly && route !== "sts") || route === "s3" || route === "featurestore") return null;
  if (response.elements !== undefined) return orNull(shown(withoutMembers(response.elements)));
  const { body } = response;
  if (typeof body !== "string" || body.length > LARGEST || !body.startsWith("{")) return null;
  return orNull(shown(JSON.parse(body)));
}

function orNull(value: unknown): Tree | null {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0
    ? (value as Tree)
    : null;
}

/** Lists of the query protocol as lists. */
function withoutMembers(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(withoutMembers);
  const tree = value as Tree;
  if (Object.keys(tree).length === 1 && "member" in tree) return withoutMembers([tree["member"]].flat());
  return Object.fromEntries(Object.entries(tree).map(([name, each]) => [name, withoutMembers(each)]));
}

/** With member names as CloudTrail has them (`keyId`), and without secrets. Keys of maps stay as they are. */
function shown(value: unknown, raw = false): unknown {
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value;
  if (Buffer.isBuffer(value)) return undefined;
  if (Array.isArray(value)) return value.map((each) => shown(each));
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  const result: Tree = {};
  for (const [name, each] of Object.entries(value)) {
    const lower = name.toLowerCase();
    if (LEFT_OUT.has(lower) && !raw) continue;
    const isMap = /^(encryptioncontext(equals|subset)?|attributes|tags|parameters)$/.test(lower);
    const written = raw ? name : name.charAt(0).toLowerCase() + name.slice(1);
    result[written] = HIDDEN[lower] ?? shown(each, isMap);
  }
  return result;
}
