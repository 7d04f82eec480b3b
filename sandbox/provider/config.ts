/** The provider's configuration, as @pulumi/aws sends it: what is no string comes as JSON text. */

export interface RoleToAssume {
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  /** Seconds. */
  readonly duration?: number;
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ProviderConfig {
  readonly region: string;
  readonly assumeRoles: readonly RoleToAssume[];
  readonly allowedAccountIds: readonly string[];
  readonly forbiddenAccountIds: readonly string[];
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly maxRetries?: number;
  /** Keys of the configuration itself; without them the SDK's own chain finds some. */
  readonly keys?: () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>;
}

/** Settings that the sandbox's clients have no use for, and need not heed. */
const IGNORED = [
  "version",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "retryMode",
  "s3UsePathStyle",
  "userAgents",
  "stsRegion",
  "pluginDownloadURL",
  "tokenBucketRateLimiterCapacity",
];
const KNOWN = [
  "region",
  "assumeRoles",
  "allowedAccountIds",
  "forbiddenAccountIds",
  "defaultTags",
  "maxRetries",
  "accessKey",
  "secretKey",
  "token",
];

/** @throws Error naming the setting that this provider does not know */
export function readConfig(raw: Readonly<Record<string, unknown>>): ProviderConfig {
  const config = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decoded(value)]));
  const unknown = Object.keys(config).filter(
    (name) => !name.startsWith("__") && ![...KNOWN, ...IGNORED].includes(name),
  );
  if (unknown.length > 0)
    throw new Error(
      `the sandbox's provider does not implement the provider setting ${unknown.join(", ")}; use SANDBOX_PROVIDER=aws for the real provider`,
    );
  const { accessKey, secretKey, token, defaultTags, maxRetries } = config;
  const region = config["region"] ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (typeof region !== "string")
    throw new Error(
      "Invalid provider configuration: there is no region: set region of the provider, or AWS_REGION",
    );
  return {
    region,
    assumeRoles: (config["assumeRoles"] ?? []) as RoleToAssume[],
    allowedAccountIds: (config["allowedAccountIds"] ?? []) as string[],
    forbiddenAccountIds: (config["forbiddenAccountIds"] ?? []) as string[],
    defaultTags: (defaultTags as { tags?: Record<string, string> } | undefined)?.tags ?? {},
    ...(maxRetries === undefined ? {} : { maxRetries: Number(maxRetries) }),
    ...(typeof accessKey === "string" && typeof secretKey === "string"
      ? {
          keys: () =>
            Promise.resolve({
              accessKeyId: accessKey,
              secretAccessKey: secretKey,
              ...(typeof token === "string" ? { sessionToken: token } : {}),
            }),
        }
      : {}),
  };
}

/** The real provider's refusal to act in an account that it was not meant for. */
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

function decoded(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
