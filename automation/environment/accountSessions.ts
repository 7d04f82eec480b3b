/**
 * The driver's own sessions in each account: its own identity assumes the deployer role of the settings. For checks before a
 * run, recovery and verification.
 */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { accountOf, type AccountName, type Settings } from "../../components/settings";
import { ExitCode, UserError } from "../model/errors";

export type Credentials = ReturnType<typeof fromTemporaryCredentials>;

/** Client settings of one account: credentials that renew themselves, and the account's region. */
export interface AccountClientConfig {
  readonly region: string;
  readonly credentials: Credentials;
}

export interface RoleToAssume {
  readonly roleArn: string;
  readonly externalId?: string;
  /** Region of the session's clients. */
  readonly region: string;
}

export class AccountSessions {
  private readonly made = new Map<AccountName, AccountClientConfig>();

  constructor(private readonly settings: Settings) {}

  /** Client settings for the account's deployer role. */
  account(name: AccountName): AccountClientConfig {
    const known = this.made.get(name) ?? this.deployer(name);
    this.made.set(name, known);
    return known;
  }

  /** Like `account`, limited by an inline session policy: the session may do only what both the policy and the role allow. */
  limited(name: AccountName, sessionPolicy: object): AccountClientConfig {
    return this.deployer(name, JSON.stringify(sessionPolicy));
  }

  /** A session of another role, assumed from the account's deployer role. */
  chained(name: AccountName, roleArn: string): AccountClientConfig {
    const config = this.account(name);
    return this.assumedBy(config, { roleArn, region: config.region });
  }

  /** A session of a role, assumed from another session. Its credentials renew themselves, because chained ones end after an hour. */
  assumedBy(by: AccountClientConfig, role: RoleToAssume): AccountClientConfig {
    return assumed(role, { RoleSessionName: "feature-store-access-verify" }, by);
  }

  private deployer(name: AccountName, Policy?: string): AccountClientConfig {
    const { region, deployerRoleArn: roleArn, externalId } = accountOf(this.settings, name);
    return assumed({ region, roleArn, externalId }, { RoleSessionName: "feature-store-access", Policy });
  }
}

function assumed(
  { region, roleArn: RoleArn, externalId: ExternalId }: RoleToAssume,
  session: { readonly RoleSessionName: string; readonly Policy?: string },
  by?: AccountClientConfig,
): AccountClientConfig {
  return {
    region,
    credentials: fromTemporaryCredentials({
      params: { RoleArn, ExternalId, ...session },
      clientConfig: { region: by?.region ?? region },
      ...(by ? { masterCredentials: by.credentials } : {}),
    }),
  };
}

/**
 * Enters every account once and checks its ID.
 * @throws UserError (credentials) with the account, the role and AWS's own words
 */
export async function checkAccounts(settings: Settings, sessions: AccountSessions): Promise<void> {
  const names = Object.keys(settings.accounts);
  const checks = await Promise.all(names.map((name) => checkAccount(settings, sessions, name)));
  const failures = checks.filter((failure) => failure !== undefined);
  if (failures.length === 0) return;
  throw new UserError(
    ExitCode.credentials,
    failures.join("\n"),
    "Check that credentials are set (AWS_PROFILE, AWS_ACCESS_KEY_ID, ...), the deployerRoleArn of the settings, and " +
      "that the role's trust policy names the identity that runs this command.",
  );
}

async function checkAccount(
  settings: Settings,
  sessions: AccountSessions,
  name: AccountName,
): Promise<string | undefined> {
  const { id, deployerRoleArn } = accountOf(settings, name);
  try {
    const client = new STSClient({ ...sessions.account(name), maxAttempts: 3 });
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    client.destroy();
    if (Account === id) return undefined;
    return `account ${name}: ${deployerRoleArn} is a role of account ${Account}, not ${id}`;
  } catch (error) {
    return `account ${name} (${id}): cannot assume ${deployerRoleArn}: ${awsWords(error)}`;
  }
}

/** An AWS error in one line: its code and message, without the SDK's wrapping. */
export function awsWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = (error as NodeJS.ErrnoException).code ?? error.name;
  const text = error.message.replace(/\s+/g, " ").trim();
  return text === "" || text === cause ? cause : `${cause}: ${text}`;
}
