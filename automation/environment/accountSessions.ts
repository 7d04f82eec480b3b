/**
 * The driver's own way into each account: the deployer role of the settings, assumed from whatever identity the
 * environment offers. Used before a run to fail early and clearly, to find what a killed run left, and to verify.
 */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { accountOf, type AccountName, type Settings } from "../../components/settings";
import { ExitCode, UserError } from "../model/errors";

export type Credentials = ReturnType<typeof fromTemporaryCredentials>;

/** Client settings of one account: credentials that refresh themselves, and the account's region. */
export interface AccountClientConfig {
  readonly region: string;
  readonly credentials: Credentials;
}

export interface RoleToAssume {
  readonly roleArn: string;
  readonly externalId?: string;
  /** Where its session's clients act. */
  readonly region: string;
}

export class AccountSessions {
  private readonly made = new Map<AccountName, AccountClientConfig>();

  constructor(private readonly settings: Settings) {}

  /** Client settings for the account's deployer role. */
  account(name: AccountName): AccountClientConfig {
    const known = this.made.get(name);
    if (known) return known;
    const config = this.assumed(name, {});
    this.made.set(name, config);
    return config;
  }

  /** As `account`, limited by an inline session policy: the session may do what both it and the role allow. */
  limited(name: AccountName, sessionPolicy: object): AccountClientConfig {
    return this.assumed(name, { Policy: JSON.stringify(sessionPolicy) });
  }

  /** A session of another role, assumed from the account's deployer role. */
  chained(name: AccountName, roleArn: string): AccountClientConfig {
    const config = this.account(name);
    return this.assumedBy(config, { roleArn, region: config.region });
  }

  /** A session of a role, assumed by whom `by` is: credentials refresh themselves, as chained ones end after an hour. */
  assumedBy(by: AccountClientConfig, role: RoleToAssume): AccountClientConfig {
    const { roleArn, externalId, region } = role;
    return {
      region,
      credentials: fromTemporaryCredentials({
        masterCredentials: by.credentials,
        params: {
          RoleArn: roleArn,
          RoleSessionName: "feature-store-access-verify",
          ...(externalId === undefined ? {} : { ExternalId: externalId }),
        },
        clientConfig: { region: by.region },
      }),
    };
  }

  private assumed(name: AccountName, extra: { Policy?: string }): AccountClientConfig {
    const { region, deployerRoleArn, externalId } = accountOf(this.settings, name);
    return {
      region,
      credentials: fromTemporaryCredentials({
        params: {
          RoleArn: deployerRoleArn,
          RoleSessionName: "feature-store-access",
          ...(externalId ? { ExternalId: externalId } : {}),
          ...extra,
        },
        clientConfig: { region },
      }),
    };
  }
}

/**
 * Enters every account once and checks where it leads.
 * @throws UserError (credentials) that names the account, the role and AWS's own words.
 */
export async function checkAccounts(settings: Settings, sessions: AccountSessions): Promise<void> {
  const faults = await Promise.all(
    Object.keys(settings.accounts).map((name) => checkAccount(settings, sessions, name)),
  );
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length === 0) return;
  throw new UserError(
    ExitCode.credentials,
    found.join("\n"),
    "Check that credentials are set (AWS_PROFILE, AWS_ACCESS_KEY_ID, ...), the deployerRoleArn of the settings, and " +
      "that the role's trust policy names the identity that you run as.",
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
    return Account === id
      ? undefined
      : `account ${name}: ${deployerRoleArn} leads into account ${Account}, not ${id}`;
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
