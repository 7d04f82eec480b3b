/** Lists Feature Store's grants on the stores' keys, and revokes one. */
import { KMSClient, RevokeGrantCommand } from "@aws-sdk/client-kms";
import type { AccountSettings, Settings } from "../../../components/settings";
import { stages } from "../../../components/stages";
import { storesOf } from "../../../components/topologies";
import {
  AccountSessions,
  awsWords,
  checkAccounts,
  type AccountClientConfig,
} from "../../environment/accountSessions";
import { driverFor } from "../../session/driverFor";
import { ExitCode, UserError } from "../../model/errors";
import type { RunOptions } from "../../model/runOptions";
import type { DeployedStack, StackPort } from "../../model/stackPort";
import { readGrants, type StoreGrants, type StoreKeysOf } from "./readGrants";
import { refusalToRevoke } from "./refusal";
import type { JudgedGrant } from "./grants";

export type { StoreGrants } from "./readGrants";
export type { GrantState, GroupGrants, JudgedGrant } from "./grants";

/**
 * The grants on the keys of every deployed store.
 * @throws UserError if nothing is deployed, or an account cannot be entered or refuses the requests.
 */
export async function grants(options: RunOptions): Promise<StoreGrants[]> {
  const { stores, sessions } = await begin(options);
  return Promise.all(stores.map((store) => asked(store, sessions)));
}

export interface RevokeOptions extends RunOptions {
  readonly grantId: string;
  /** True: revokes the grant even if it is in use. */
  readonly breakStore?: boolean;
}

/**
 * Revokes one of Feature Store's grants, as the deployer of the key's account: an orphan, or with `breakStore` also a grant
 * that a feature group uses.
 * @returns the revoked grant
 * @throws UserError (grantInUse; usage, if there is no such grant) before anything is changed
 */
export async function revokeGrant(options: RevokeOptions): Promise<JudgedGrant> {
  const { stores, sessions } = await begin(options);
  for (const store of stores) {
    const grant = (await asked(store, sessions)).grants.find(({ id }) => id === options.grantId);
    if (!grant) continue;
    const refusal = refusalToRevoke(grant, options.breakStore ?? false);
    if (refusal) throw refusal;
    await inAccount(store.account, "kms:RevokeGrant", async () => {
      const client = new KMSClient(sessions.account(store.account));
      await client.send(new RevokeGrantCommand({ KeyId: grant.key, GrantId: grant.id }));
      client.destroy();
    });
    return grant;
  }
  throw new UserError(
    ExitCode.usage,
    `no key of the stores has a grant ${options.grantId}`,
    "`npm run grants` lists them, with their IDs.",
  );
}

async function begin(options: RunOptions): Promise<{ stores: StoreKeysOf[]; sessions: AccountSessions }> {
  const { environment, stacksOf } = await driverFor(options, { enterAccounts: false });
  const { settings } = environment;
  const sessions = new AccountSessions(settings);
  await checkAccounts(settings, sessions);
  const stores = await deployedStores(settings, stacksOf(environment));
  if (stores.length > 0) return { stores, sessions };
  throw new UserError(
    ExitCode.failed,
    "no store is deployed, so there are no keys to read",
    `Deploy it first: npm run up -- --env ${options.env}`,
  );
}

function asked(store: StoreKeysOf, sessions: AccountSessions): Promise<StoreGrants> {
  const config: AccountClientConfig = sessions.account(store.account);
  return inAccount(store.account, "kms:ListGrants and sagemaker:DescribeFeatureGroup", () =>
    readGrants(store, config),
  );
}

/** Each deployed store with the keys in its contract and the keys in its stack, which may include kept keys out of use. */
async function deployedStores(settings: Settings, stacks: StackPort): Promise<StoreKeysOf[]> {
  const graph = stages(settings);
  const stores: StoreKeysOf[] = [];
  for (const store of storesOf(settings)) {
    const stage = graph.find(({ name }) => name === store.stages.role);
    const deployed = stage && (await stacks.deployed(stage));
    if (!deployed) continue;
    const keys = [...new Set([...given(deployed), ...made(store.place, deployed)])];
    const groups = store.settings.featureGroups.map(({ name }) => name);
    stores.push({ account: store.account, groups, keys });
  }
  return stores;
}

function given({ outputs }: DeployedStack): string[] {
  return ["keyArn", "onlineKeyArn", "offlineKeyArn"]
    .map((name) => outputs[name]?.value)
    .filter((arn): arn is string => typeof arn === "string");
}

function made({ id: owner, region, partition }: AccountSettings, { resources }: DeployedStack): string[] {
  return resources.flatMap(({ type, id }) =>
    type === "aws:kms/key:Key" && id ? [`arn:${partition}:kms:${region}:${owner}:key/${id}`] : [],
  );
}

/** Turns AWS's refusals into errors with AWS's own words and the permissions that the deployer needs. */
async function inAccount<T>(account: string, needed: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !("$metadata" in error)) throw error;
    throw new UserError(
      ExitCode.failed,
      `account ${account}: ${awsWords(error)}`,
      `The deployer of account ${account} needs ${needed}.`,
    );
  }
}
