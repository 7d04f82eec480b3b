/**
 * Tries the deployed access for real, with AWS SDK clients: what must work, and what must be refused.
 * Proves what was tried, in the moment it was tried; that there is no other way in is for a proof over the policies.
 */
import type {
  FeatureGroupsContract,
  OfflineBucketContract,
  WriterContract,
} from "../../components/contracts";
import type { Settings } from "../../components/settings";
import { stages } from "../../components/stages";
import { AccountSessions, checkAccounts } from "../accountSessions";
import { outputs, type RunOptions } from "../deployments";
import { ExitCode, UserError } from "../errors";
import { loadEnvironment } from "../project";
import { attempt } from "./attempt";
import { endActors, makeActors } from "./clients";
import { offlineStoreAttempts, type OfflineStoreFacts } from "./offlineStore";
import type { Check } from "./types";

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
  const facts = offlineStoreFacts(settings, await deployedOutputs(settings, options));
  const actors = await makeActors(settings, sessions, facts.writerRoleArn);
  const checks: Check[] = [];
  try {
    for (const each of offlineStoreAttempts(settings, facts, actors, (options.wait ?? 900) * 1000)) {
      const check = await attempt(each);
      checks.push(check);
      options.onCheck?.(check);
    }
  } finally {
    endActors(actors);
  }
  return checks;
}

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

function offlineStoreFacts(
  settings: Settings,
  deployed: Record<string, unknown>,
): OfflineStoreFacts & { readonly writerRoleArn: string } {
  const { roleArn, keyArn } = deployed["writer"] as WriterContract;
  const { bucketName, bucketArn } = deployed["offlineBucket"] as OfflineBucketContract;
  const { featureGroups } = deployed["featureGroups"] as FeatureGroupsContract;
  const groups = settings.offlineStore.featureGroups.flatMap((group) => {
    const made = featureGroups[group.name];
    return made ? [{ ...group, arn: made.arn, s3Uri: made.s3Uri }] : [];
  });
  return { writerRoleArn: roleArn, keyArn, bucketName, bucketArn, groups };
}
