/** The identities that the verification acts as, each as real AWS clients. */
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SageMakerFeatureStoreRuntimeClient } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import type { AccountClientConfig, AccountSessions } from "../accountSessions";
import type { Settings } from "../../components/settings";

export interface Actor {
  /** In words, with the account: `account A's deployer`. */
  readonly name: string;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly records: SageMakerFeatureStoreRuntimeClient;
}

export interface Actors {
  readonly accountA: Actor;
  readonly accountB: Actor;
  /** Account B's deployer, limited to Amazon S3: the bucket's owner without the key. */
  readonly accountBWithoutKey: Actor;
  /** The writer role of account A, if the settings let the deployer assume it (`verification.trustDeployer`). */
  readonly writer?: Actor;
  /** The identity that the command runs as, if it belongs to neither account. */
  readonly outsider?: Actor;
  /** Nobody: requests without a signature. */
  readonly anyone: Actor;
}

const ONLY_S3 = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } };

export async function makeActors(
  settings: Settings,
  sessions: AccountSessions,
  writerRoleArn: string,
): Promise<Actors> {
  const { A, B } = settings.accounts;
  const caller = await callerIdentity(A.region);
  const isOutsider = caller.account !== A.id && caller.account !== B.id;
  return {
    accountA: actor("account A's deployer", sessions.account("A")),
    accountB: actor("account B's deployer", sessions.account("B")),
    accountBWithoutKey: actor("account B without the key", sessions.limited("B", ONLY_S3)),
    ...(settings.verification.trustDeployer
      ? { writer: actor("account A's writer role", sessions.chained("A", writerRoleArn)) }
      : {}),
    ...(isOutsider ? { outsider: actor(`a third account (${caller.account})`, { region: A.region }) } : {}),
    anyone: actor("anyone, without credentials", { region: B.region }, true),
  };
}

export function endActors(actors: Actors): void {
  for (const each of Object.values(actors) as (Actor | undefined)[])
    for (const client of each ? [each.s3, each.kms, each.records] : []) client.destroy();
}

async function callerIdentity(region: string): Promise<{ account: string }> {
  const client = new STSClient({ region });
  const { Account = "" } = await client.send(new GetCallerIdentityCommand({}));
  client.destroy();
  return { account: Account };
}

function actor(
  name: string,
  config: Partial<AccountClientConfig> & { region: string },
  unsigned = false,
): Actor {
  const anonymous = { signer: { sign: <T>(request: T) => Promise.resolve(request) }, credentials: NOBODY };
  return {
    name,
    s3: new S3Client(unsigned ? { ...config, ...anonymous } : config),
    kms: new KMSClient(config),
    records: new SageMakerFeatureStoreRuntimeClient(config),
  };
}

/** The SDK asks for credentials even where its signer uses none. */
const NOBODY = { accessKeyId: "none", secretAccessKey: "none" };
