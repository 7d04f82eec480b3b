/** Checks before a run changes anything, each loaded when needed. */
import { join } from "node:path";
import type { Stage } from "../../components/stages";
import type { AccountSessions } from "../environment/accountSessions";
import type { Environment } from "../environment/project";
import { selected } from "../graph/selection";
import type { DeployOptions } from "../model/runOptions";
import type { StackPort } from "../model/stackPort";
import { recordsFolder } from "../stacks/recordsFolder";

interface Checked {
  readonly environment: Environment;
  readonly graph: readonly Stage[];
  readonly stacks: Pick<StackPort, "deployed">;
  readonly sessions: AccountSessions;
  readonly notice: (message: string) => void;
}

/** Proves the access of the settings. @throws UserError (proof) */
export async function proveFirst(
  { environment, notice }: Checked,
  { noProof = false, signal }: DeployOptions,
): Promise<void> {
  const gate = await import("../proof/gate.js");
  const note = join(recordsFolder(environment), `${environment.name}.proof`);
  await gate.proveFirst({ environment, note, noProof, notice, signal });
}

/** Checks in AWS the existing keys, roles and buckets that the chosen stages use. @throws UserError (key, existing) */
export async function checkExisting(
  { environment, graph, stacks, sessions, notice }: Checked,
  options: DeployOptions,
): Promise<void> {
  const existing = await import("../preflight/existing/check.js");
  const keys = await import("../preflight/keys/check.js");
  const account = (name: string) => sessions.account(name);
  const chosen = new Set(selected(graph, options).flatMap(({ consumer }) => consumer ?? []));
  await existing.checkExisting(environment.settings, chosen, account);
  await keys.checkExistingKeys(environment.settings, {
    account,
    roles: () => rolesOf(graph, stacks),
    notice,
  });
}

/** By stage: ARNs of the deployed stages' roles that keys may name. */
async function rolesOf(graph: readonly Stage[], stacks: Checked["stacks"]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const stage of graph.filter(({ kind }) => kind.givesRole)) {
    const arn = (await stacks.deployed(stage))?.outputs["roleArn"]?.value;
    if (typeof arn === "string") found[stage.name] = arn;
  }
  return found;
}
