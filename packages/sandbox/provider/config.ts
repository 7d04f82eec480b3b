/** The provider's configuration, as @pulumi/aws sends it: values other than strings are JSON text. */
import { notImplemented } from "./values";

export interface RoleToAssume {
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  /** As Go writes durations: `1h30m`. */
  readonly duration?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ProviderConfig {
  readonly region: string;
  /** Roles to assume, in order. */
  readonly assumeRoles: readonly RoleToAssume[];
  readonly allowedAccountIds: readonly string[];
  readonly forbiddenAccountIds: readonly string[];
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly skipCredentialsValidation: boolean;
  readonly maxRetries?: number;
  /** A profile of the AWS configuration files. */
  readonly profile?: string;
  /** Keys in the configuration itself; without them the SDK's own chain finds some. */
  readonly keys?: Keys;
}

export interface ConfigFailure {
  readonly property: string;
  readonly reason: string;
}

/** Settings that the clients here do not use. */
const IGNORED = [
  "version",
  "pluginDownloadURL",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "retryMode",
  "s3UsePathStyle",
  "stsRegion",
  "userAgents",
  "tokenBucketRateLimiterCapacity",
];
const KNOWN = [
  "region",
  "assumeRoles",
  "allowedAccountIds",
  "forbiddenAccountIds",
  "defaultTags",
  "skipCredentialsValidation",
  "maxRetries",
  "profile",
  "accessKey",
  "secretKey",
  "token",
];
const ROLE_PARTS = [
  "roleArn",
  "sessionName",
  "externalId",
  "duration",
  "policy",
  "policyArns",
  "sourceIdentity",
  "tags",
  "transitiveTagKeys",
];

/** The wrong settings, each with the reason. Unknown values are not checked. */
export function configFailures(raw: Readonly<Record<string, unknown>>): ConfigFailure[] {
  const config = decode(raw);
  const failures = Object.keys(config)
    .filter((name) => !name.startsWith("__") && ![...KNOWN, ...IGNORED].includes(name))
    .map((name) => ({ property: name, reason: notImplemented(`the provider setting ${name}`) }));
  if (Array.isArray(config["assumeRoles"]))
    config["assumeRoles"].forEach((role: unknown, index) =>
      failures.push(...roleFailures(role, `assumeRoles[${index}]`)),
    );
  if (config["allowedAccountIds"] !== undefined && config["forbiddenAccountIds"] !== undefined)
    failures.push({ property: "allowedAccountIds", reason: "conflicts with forbiddenAccountIds" });
  return failures;
}

function roleFailures(role: unknown, property: string): ConfigFailure[] {
  if (typeof role !== "object" || role === null) return [];
  const failures = Object.keys(role)
    .filter((part) => !part.startsWith("__") && !ROLE_PARTS.includes(part))
    .map((part) => ({
      property: `${property}.${part}`,
      reason: notImplemented(`${part} of a role to assume`),
    }));
  const { roleArn, duration } = role as Partial<RoleToAssume>;
  if (!roleArn) failures.push({ property: `${property}.roleArn`, reason: "a role to assume needs its ARN" });
  if (duration !== undefined && seconds(duration) === undefined)
    failures.push({
      property: `${property}.duration`,
      reason: `"${duration}" is not a duration such as 1h30m or 900s`,
    });
  return failures;
}

/** @throws Error naming each setting that is wrong */
export function readConfig(raw: Readonly<Record<string, unknown>>): ProviderConfig {
  const failures = configFailures(raw);
  if (failures.length > 0)
    throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  const config = decode(raw);
  const { accessKey, secretKey, token, defaultTags, maxRetries, profile } = config;
  const region = config["region"] ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (typeof region !== "string" || region === "")
    throw new Error(
      "Invalid provider configuration: no region is set: set region of the provider, or AWS_REGION",
    );
  return {
    region,
    assumeRoles: (config["assumeRoles"] ?? []) as RoleToAssume[],
    allowedAccountIds: (config["allowedAccountIds"] ?? []) as string[],
    forbiddenAccountIds: (config["forbiddenAccountIds"] ?? []) as string[],
    defaultTags: (defaultTags as { tags?: Record<string, string> } | undefined)?.tags ?? {},
    skipCredentialsValidation: String(config["skipCredentialsValidation"]) === "true",
    ...(maxRetries === undefined ? {} : { maxRetries: Number(maxRetries) }),
    ...(typeof profile === "string" ? { profile } : {}),
    ...(typeof accessKey === "string" && typeof secretKey === "string"
      ? {
          keys: {
            accessKeyId: accessKey,
            secretAccessKey: secretKey,
            ...(typeof token === "string" ? { sessionToken: token } : {}),
          },
        }
      : {}),
  };
}

/** The real provider's error for an account that its configuration does not allow. */
export function checkAccount(
  account: string,
  { allowedAccountIds, forbiddenAccountIds }: ProviderConfig,
): void {
  if (
    forbiddenAccountIds.includes(account) ||
    (allowedAccountIds.length > 0 && !allowedAccountIds.includes(account))
  )
    throw new Error(`AWS account ID not allowed: ${account}`);
}

/** `1h30m` -> 5400. Undefined for text that is not a duration. */
export function seconds(duration: string): number | undefined {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration);
  if (!parts || duration === "") return undefined;
  const [hours = 0, minutes = 0, rest = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
}

function decode(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decodeValue(name, value)]));
}

function decodeValue(name: string, value: unknown): unknown {
  if (
    typeof value !== "string" ||
    !["assumeRoles", "allowedAccountIds", "forbiddenAccountIds", "defaultTags"].includes(name)
  )
    return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
