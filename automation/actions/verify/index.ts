/**
 * Tries the deployed access for real, with AWS SDK clients: accesses that must work, and requests that must be refused.
 * It shows only what was tried, at that time; the proof shows that there is no other way in.
 */
import type { Settings } from "../../../components/settings";
import { stages } from "../../../components/stages";
import { AccountSessions, checkAccounts } from "../../environment/accountSessions";
import { loadEnvironment } from "../../environment/project";
import { ExitCode, UserError } from "../../model/errors";
import { missingPermissions } from "../../preflight/lakeFormation/check";
import { grantCommand } from "../../preflight/lakeFormation/needs";
import { deployedAccess } from "../../proof/proveAccess";
import { topologies } from "../../topologies";
import type { Contracts } from "../../topologies/contracts";
import type { Actor } from "../../topologies/verification/actor";
import type { Attempt, Check } from "../../topologies/verification/types";
import type { RunOptions } from "../../model/runOptions";
import { outputs } from "../outputs";
import { attemptsOf } from "./againstProof";
import { attempt } from "./attempt";
import { SessionIdentities } from "./identities";

export type { Check } from "../../topologies/verification/types";

export interface VerifyOptions extends RunOptions {
  /** Seconds to wait for a record to reach the offline store; 900 by default: Feature Store writes within 15 minutes. */
  readonly wait?: number;
  readonly onCheck?: (check: Check) => void;
}

/** Number of the proof's questions to try for real. */
const PROOF_SAMPLE = 40;

/**
 * @returns every check, in order
 * @throws UserError (verification) if the environment is not deployed; UserError (credentials)
 */
export async function verify(options: VerifyOptions): Promise<Check[]> {
  const { settings } = loadEnvironment(options.env, options.directory);
  const sessions = new AccountSessions(settings);
  await checkAccounts(settings, sessions);
  const contracts = await deployedContracts(settings, options);
  const identities = new SessionIdentities(settings, sessions);
  const checks: Check[] = [];
  const made = (check: Check) => {
    checks.push(check);
    options.onCheck?.(check);
  };
  try {
    for (const check of await catalogChecks(settings, contracts, sessions, options)) made(check);
    for await (const each of allAttempts(settings, contracts, identities, options)) made(await attempt(each));
  } finally {
    identities.end();
  }
  return checks;
}

/** Missing AWS Lake Formation permissions, by name: a failing query is less clear. */
async function catalogChecks(
  settings: Settings,
  contracts: Contracts,
  sessions: AccountSessions,
  options: VerifyOptions,
): Promise<Check[]> {
  const contractOf = (stage: string) => Promise.resolve(contracts[stage]);
  const needs = await Promise.all(
    topologies.map((topology) => topology.catalogReaders?.(settings, contractOf) ?? Promise.resolve([])),
  );
  const missing = await missingPermissions(needs.flat(), (name) => sessions.account(name), noticeOf(options));
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
  contracts: Contracts,
  identities: SessionIdentities,
  options: VerifyOptions,
): AsyncGenerator<Attempt> {
  const { wait = 900 } = options;
  const actors = new Map<string, Actor>();
  const verification = {
    settings,
    contracts,
    identities,
    strangers: await identities.strangers(),
    actsAs: (roleArn: string, actor: Actor) => void actors.set(roleArn, actor),
    patience: wait * 1000,
    notice: noticeOf(options),
  };
  for (const topology of topologies) yield* topology.attempts?.(verification) ?? [];
  yield* await attemptsOf({ ...(await deployedAccess(options)), actors }, PROOF_SAMPLE);
}

const noticeOf =
  ({ onProgress }: VerifyOptions) =>
  (message: string) =>
    onProgress?.({ kind: "notice", message });

async function deployedContracts(settings: Settings, options: VerifyOptions): Promise<Contracts> {
  const deployed = await outputs(options);
  const missing = stages(settings).filter(({ name }) => !deployed[name]);
  if (missing.length === 0) return deployed;
  throw new UserError(
    ExitCode.verification,
    `not deployed: ${missing.map(({ name }) => name).join(", ")}`,
    `Deploy it first: npm run up -- --env ${options.env}`,
  );
}
