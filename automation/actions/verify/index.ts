/**
 * Tries the deployed access for real, with AWS SDK clients: what must work, and what must be refused.
 * Proves what was tried, in the moment it was tried; that there is no other way in is for a proof over the policies.
 */
import type {
  CentralStoreContract,
  ConsumerGrantsContract,
} from "../../../components/topologies/assumed-role";
import type {
  FeatureGroupsContract,
  OfflineBucketContract,
  WriterContract,
} from "../../../components/topologies/offline-store";
import type { OfflineStoreSettings } from "../../../components/topologies/offline-store";
import type { Settings } from "../../../components/settings";
import { stages } from "../../../components/stages";
import { AccountSessions, checkAccounts } from "../../environment/accountSessions";
import { outputs } from "../outputs";
import type { RunOptions } from "../../model/runOptions";
import { ExitCode, UserError } from "../../model/errors";
import { missingGrants } from "../../preflight/lakeFormation/check";
import { grantCommand, readingNeeds } from "../../preflight/lakeFormation/needs";
import { loadEnvironment } from "../../environment/project";
import { deployedAccess } from "../../proof/proveAccess";
import type { Actor } from "./actor";
import { attemptsOf } from "./againstProof";
import { attempt } from "./attempt";
import { assumedRoleAttempts } from "./assumedRole";
import { Identities, type ConsumerActors } from "./identities";
import { offlineStoreAttempts, type OfflineStoreFacts } from "./offlineStore";
import type { Attempt, Check } from "./types";

export type { Check } from "./types";

export interface VerifyOptions extends RunOptions {
  /** Seconds to wait for a record to reach the offline store; 900 by default: Feature Store writes within 15 minutes. */
  readonly wait?: number;
  readonly onCheck?: (check: Check) => void;
}

/**
 * @returns every check that was made, in order.
 * @throws UserError if the environment is not deployed, or an account cannot be entered.
 */
export async function verify(options: VerifyOptions): Promise<Check[]> {
  const { settings } = loadEnvironment(options.env, options.directory);
  const sessions = new AccountSessions(settings);
  await checkAccounts(settings, sessions);
  const deployed = await deployedOutputs(settings, options);
  const identities = new Identities(settings, sessions);
  const checks: Check[] = [];
  const made = (check: Check) => {
    checks.push(check);
    options.onCheck?.(check);
  };
  try {
    for (const check of await catalogChecks(settings, deployed, sessions, options)) made(check);
    for await (const each of allAttempts(settings, deployed, identities, options)) {
      made(await attempt(each));
    }
  } finally {
    identities.end();
  }
  return checks;
}

/** What Lake Formation withholds, by name: the queries that fail for it say it less clearly. */
async function catalogChecks(
  settings: Settings,
  deployed: Deployed,
  sessions: AccountSessions,
  { onProgress }: VerifyOptions,
): Promise<Check[]> {
  if (!settings.centralStore) return [];
  const { featureGroups } = deployed["centralStore"] as CentralStoreContract;
  const roles = Object.fromEntries(
    settings.consumers.map(({ name }) => [
      name,
      (deployed[`consumerGrants:${name}`] as ConsumerGrantsContract).roleArn,
    ]),
  );
  const missing = await missingGrants(
    readingNeeds(settings, featureGroups, roles),
    (name) => sessions.account(name),
    (message) => onProgress?.({ kind: "notice", message }),
  );
  return missing.map((need) => ({
    as: need.principal,
    action: `lakeformation:${need.permission}`,
    resource: need.table === undefined ? need.database : `${need.database}.${need.table}`,
    expected: "allowed",
    actual: "denied",
    ok: false,
    detail: `${need.because}: AWS Lake Formation governs the catalog; ${grantCommand(need)}`,
  }));
}

async function* allAttempts(
  settings: Settings,
  deployed: Deployed,
  identities: Identities,
  options: VerifyOptions,
): AsyncGenerator<Attempt> {
  const { wait = 900, onProgress } = options;
  const patience = wait * 1000;
  const strangers = await identities.strangers();
  const actors = new Map<string, Actor>();
  if (settings.offlineStore) {
    const writer = deployed["writer"] as WriterContract;
    const known = identities.offlineStore(writer, strangers);
    if (known.writer) actors.set(writer.roleArn, known.writer);
    yield* offlineStoreAttempts(
      settings,
      offlineStoreFacts(settings.offlineStore, deployed),
      known,
      patience,
    );
  }
  if (settings.centralStore) {
    const consumers: ConsumerActors[] = [];
    for (const consumer of settings.consumers) {
      const grants = deployed[`consumerGrants:${consumer.name}`] as ConsumerGrantsContract;
      const known = await identities.consumer(consumer, grants);
      if (typeof known === "string") {
        onProgress?.({ kind: "notice", message: known });
        continue;
      }
      consumers.push(known);
      actors.set(grants.executionRoleArn, known.execution).set(grants.roleArn, known.assumed);
    }
    const facts = {
      store: deployed["centralStore"] as CentralStoreContract,
      groups: settings.centralStore.featureGroups,
      storeOwner: identities.deployer("B"),
      strangers,
      consumers,
    };
    yield* assumedRoleAttempts(settings, facts, patience);
  }
  yield* await attemptsOf({ ...(await deployedAccess(options)), actors }, PROOF_SAMPLE);
}

/** How many of the proof's questions are tried for real. */
const PROOF_SAMPLE = 40;

type Deployed = Readonly<Record<string, unknown>>;

async function deployedOutputs(settings: Settings, options: VerifyOptions) {
  const deployed = await outputs(options);
  const missing = stages(settings).filter(({ name }) => !deployed[name]);
  if (missing.length === 0) return deployed;
  throw new UserError(
    ExitCode.verification,
    `not deployed: ${missing.map(({ name }) => name).join(", ")}`,
    `Deploy it first: npm run up -- --env ${options.env}`,
  );
}

function offlineStoreFacts(offlineStore: OfflineStoreSettings, deployed: Deployed): OfflineStoreFacts {
  const { keyArn } = deployed["writer"] as WriterContract;
  const { bucketName, bucketArn } = deployed["offlineBucket"] as OfflineBucketContract;
  const { featureGroups } = deployed["featureGroups"] as FeatureGroupsContract;
  const groups = offlineStore.featureGroups.flatMap((group) => {
    const made = featureGroups[group.name];
    return made?.s3Uri === undefined ? [] : [{ ...group, arn: made.arn, s3Uri: made.s3Uri }];
  });
  return { keyArn, bucketName, bucketArn, groups };
}
