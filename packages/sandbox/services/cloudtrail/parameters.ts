/** A request's input and output as CloudTrail writes them: never records, credentials, keys or messages. */
import type { AnsweredRequest, WireRequest } from "../../core";

type Tree = Record<string, unknown>;

/** Members that are left out at any depth, in lower case: secrets, and contents of data. */
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
/** Characters: CloudTrail keeps the start of a longer text. Policies are the longest texts that matter. */
const LONGEST = 40_000;
/** Bytes: a larger value is replaced by a note. Source: CloudTrail User Guide, "CloudTrail record contents" (`Size`). */
const LARGEST = 100_000;

export function requestParameters(answered: AnsweredRequest): Tree | null {
  const { service, request, input } = answered;
  if (service === "s3") return s3Parameters(request, input);
  if (service === "featurestore") {
    const { FeatureGroupName: featureGroupName } = request.labels;
    return featureGroupName === undefined ? null : { featureGroupName };
  }
  if (request.body.length > LARGEST) return { omitted: true, originalSize: request.body.length };
  return orNull(shown(input ?? null));
}

function s3Parameters({ headers, method, query, body }: WireRequest, input: Tree = {}): Tree {
  const { host: Host = "" } = headers;
  if (input["ResourceArn"] !== undefined) {
    const tagKeys = query.getAll("tagKeys");
    return {
      resourceArn: input["ResourceArn"],
      accountId: headers["x-amz-account-id"],
      Host,
      ...(tagKeys.length > 0 ? { tagKeys } : {}),
    };
  }
  const { bucket, key } = input;
  const plain = Object.fromEntries([...query].filter(([name]) => !/^x-amz-/i.test(name)));
  const common = { ...(bucket ? { bucketName: bucket } : {}), Host, ...(key ? { key } : {}), ...plain };
  if (!query.has("policy") || method !== "PUT" || key) return common;
  try {
    return { ...common, bucketPolicy: JSON.parse(body.toString("utf8")) as unknown };
  } catch {
    return common;
  }
}

/** Null for reading requests, and for failed ones. */
export function responseElements({ service, output, reads }: AnsweredRequest): Tree | null {
  if (output === undefined || (reads && service !== "sts") || service === "s3" || service === "featurestore")
    return null;
  const told = JSON.stringify(output);
  return told.length > LARGEST ? null : orNull(shown(withoutMembers(JSON.parse(told))));
}

function orNull(value: unknown): Tree | null {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0
    ? (value as Tree)
    : null;
}

/** Turns the query protocol's lists into lists. */
function withoutMembers(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(withoutMembers);
  const tree = value as Tree;
  if (Object.keys(tree).length === 1 && "member" in tree) return withoutMembers([tree["member"]].flat());
  return Object.fromEntries(Object.entries(tree).map(([name, each]) => [name, withoutMembers(each)]));
}

/** With member names in CloudTrail's spelling (`keyId`), and without secrets. Keys of maps stay as they are. */
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
