/** Credentials from the chain of assumed roles: one session for all clients, renewed before it ends. */
import { STS } from "@aws-sdk/client-sts";
import { seconds, type Keys, type ProviderConfig, type RoleToAssume } from "./config";

export interface Session extends Keys {
  readonly expiration?: Date;
}

export type CredentialSource = () => Promise<Session>;

/** A session is renewed this many milliseconds before it ends. */
const MARGIN = 5 * 60_000;

/** Undefined: the SDK's own chain finds the credentials. */
export function credentialsOf({
  keys,
  assumeRoles,
  region,
  profile,
}: ProviderConfig): CredentialSource | undefined {
  return assumeRoles.reduce<CredentialSource | undefined>(
    (source, role) => kept(() => assume(role, { region, profile, source })),
    keys && (() => Promise.resolve(keys)),
  );
}

/** One session for all callers until shortly before its end. A failure is not cached. */
export function kept(make: CredentialSource, now: () => number = Date.now): CredentialSource {
  let current: { readonly session: Promise<Session>; until: number } | undefined;
  return () => {
    if (current && now() < current.until) return current.session;
    const next = { session: make(), until: Infinity };
    current = next;
    next.session.then(
      ({ expiration }) => (next.until = expiration ? expiration.getTime() - MARGIN : Infinity),
      () => (next.until = 0),
    );
    return next.session;
  };
}

async function assume(
  role: RoleToAssume,
  from: { region: string; profile?: string; source?: CredentialSource },
): Promise<Session> {
  const { region, profile, source } = from;
  const client = new STS({
    region,
    ...(source ? { credentials: source } : profile ? { profile } : {}),
  });
  const { roleArn, sessionName = "pulumi", externalId, duration, policy, policyArns, sourceIdentity } = role;
  try {
    const { Credentials } = await client.assumeRole({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ExternalId: externalId,
      DurationSeconds: duration === undefined ? undefined : seconds(duration),
      Policy: policy,
      PolicyArns: policyArns?.map((arn) => ({ arn })),
      SourceIdentity: sourceIdentity,
      Tags: role.tags && Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
      TransitiveTagKeys: role.transitiveTagKeys && [...role.transitiveTagKeys],
    });
    if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
      throw new Error("STS returned no credentials");
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
      expiration: Credentials.Expiration,
    };
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(
      `Cannot assume IAM Role. IAM Role (${roleArn}) cannot be assumed: ` +
        (message.startsWith("Cannot assume IAM Role") ? message : `${name}: ${message}`),
    );
  } finally {
    client.destroy();
  }
}
