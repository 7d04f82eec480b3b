/**
 * The names that AWS accepts.
 * Sources: SageMaker API Reference (FeatureDefinition, CreateFeatureGroup), S3 "Bucket naming rules", IAM "ARNs".
 */

/** Feature group and feature names have the same form; a feature must not have the name of one of Feature Store's own columns. */
const FEATURE_STORE_NAME = /^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$/;
const RESERVED_FEATURES = new Set(["is_deleted", "write_time", "api_invocation_time"]);

/** The pattern limits only the letters and digits; AWS limits the length of the whole name. */
function isFeatureStoreName(name: string): boolean {
  return name.length <= 64 && FEATURE_STORE_NAME.test(name);
}

/** The problem of a feature group's name, or undefined. */
export function featureGroupNameProblem(name: string): string | undefined {
  if (isFeatureStoreName(name)) return undefined;
  return `"${name}" cannot name a feature group: 1 to 64 letters and digits, with - and _ between them`;
}

/** The problem of a feature's name, or undefined. */
export function featureNameProblem(name: string): string | undefined {
  if (RESERVED_FEATURES.has(name.toLowerCase()))
    return `"${name}" is a column that Feature Store itself adds to the offline store: choose another name`;
  if (isFeatureStoreName(name)) return undefined;
  return `"${name}" cannot name a feature: 1 to 64 letters and digits, with - and _ between them`;
}

/** The problem of a bucket's name, or undefined. */
export function bucketNameProblem(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
    return `"${name}" cannot name a bucket: 3 to 63 lower-case letters, digits, - and ., a letter or digit at either end`;
  if (name.includes("..") || /^\d+\.\d+\.\d+\.\d+$/.test(name))
    return `"${name}" cannot name a bucket: no two dots together, and not the form of an IP address`;
  if (/^(xn--|sthree-|amzn-s3-demo-)/.test(name) || /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name))
    return `"${name}" cannot name a bucket: S3 reserves its beginning or end for itself`;
  return undefined;
}

/** The problem of a consumer's name, or undefined. It is part of role names, which have at most 64 characters. */
export function consumerNameProblem(name: string): string | undefined {
  return roleNamePartProblem("consumer", name);
}

/** The problem of a profile's name, or undefined. */
export function profileNameProblem(name: string): string | undefined {
  return roleNamePartProblem("profile", name);
}

function roleNamePartProblem(what: string, name: string): string | undefined {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length >= 2 && name.length <= 32) return undefined;
  return `"${name}" cannot name a ${what}: 2 to 32 lower-case letters, digits and single -, a letter first`;
}

/**
 * What is wrong with a key prefix, or undefined. It allows the characters that S3 calls safe, except `*`, which is a wildcard in
 * policies; each is one byte. SDKs and browsers resolve the names `.` and `..`. Source: S3, "Naming Amazon S3 objects".
 */
export function prefixProblem(prefix: string): string | undefined {
  const parts = prefix.split("/");
  if (parts.includes(".") || parts.includes(".."))
    return `"${prefix}" is not a prefix: . and .. are not allowed as names in it`;
  if (/^([\w!.'()-]+(\/[\w!.'()-]+)*)?$/.test(prefix)) return undefined;
  return `"${prefix}" is not a prefix: names joined by /, without a / at either end, and without *`;
}

export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  /** Without the path. */
  readonly name: string;
}

/** The parts of a role's ARN, or undefined for other text (`arn:aws:iam::ACCOUNT/ROLE`, as in the documents, is not one). */
export function parseRoleArn(arn: string): RoleArn | undefined {
  const match = /^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]{1,64})$/.exec(
    arn,
  );
  return match ? { partition: match[1] ?? "", account: match[2] ?? "", name: match[3] ?? "" } : undefined;
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
