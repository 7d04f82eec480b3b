/** Lake Formation's part in a deployment: what makes tables is checked before, who reads them after. */
import type { FeatureGroupContract } from "../../../components/contract";
import type { Stage } from "../../../components/stages";
import type { AccountSessions } from "../../environment/accountSessions";
import type { Environment } from "../../environment/project";
import { ExitCode, UserError } from "../../model/errors";
import { plainValues } from "../../graph/wiring";
import { missingGrants } from "./check";
import { creatingNeeds, missingLines, readingNeeds, type NeededGrant } from "./needs";
import type { StackPort } from "../../model/stackPort";

interface Parts {
  readonly environment: Pick<Environment, "settings">;
  readonly graph: readonly Stage[];
  readonly stacks: Pick<StackPort, "deployed">;
  readonly sessions: AccountSessions;
}

/** @throws UserError (lakeFormation) if a feature group that is not there yet could not make its table; nothing is done then */
export async function catalogWillTake(parts: Parts, notice: (message: string) => void): Promise<void> {
  const { settings } = parts.environment;
  const made = new Set<string>();
  for (const stage of parts.graph.filter(({ name }) => name === "featureGroups" || name === "centralStore"))
    for (const { type, id } of (await parts.stacks.deployed(stage))?.resources ?? [])
      if (type.includes("featureGroup")) made.add(`${stage.account} ${id}`);
  const { offlineStore, centralStore } = settings;
  const toMake = {
    ...settings,
    ...(offlineStore ? { offlineStore: without(offlineStore, "A", made) } : {}),
    ...(centralStore ? { centralStore: without(centralStore, "B", made) } : {}),
  };
  const needs = creatingNeeds(toMake);
  if (needs.length === 0) return;
  const missing = await missingGrants(needs, (name) => parts.sessions.account(name), notice);
  if (missing.length > 0) throw refusal("nothing was done: Lake Formation governs the catalog", missing);
}

function without<T extends { readonly featureGroups: readonly { readonly name: string }[] }>(
  store: T,
  account: string,
  made: ReadonlySet<string>,
): T {
  const featureGroups = store.featureGroups.filter(({ name }) => !made.has(`${account} ${name}`));
  return { ...store, featureGroups };
}

/** What the deployed consumers lack to query what they are granted. */
export async function missingForReaders(
  { environment, graph, stacks, sessions }: Parts,
  notice: (message: string) => void,
): Promise<NeededGrant[]> {
  const store = graph.find(({ name }) => name === "centralStore");
  const deployed = store && (await stacks.deployed(store));
  if (!deployed) return [];
  const groups = (plainValues(deployed.outputs)["featureGroups"] ?? {}) as Record<
    string,
    FeatureGroupContract
  >;
  const roles: Record<string, string> = {};
  for (const stage of graph.filter(({ name }) => name.startsWith("crossAccountRole:"))) {
    const arn = (await stacks.deployed(stage))?.outputs["roleArn"]?.value;
    if (typeof arn === "string" && stage.consumer !== undefined) roles[stage.consumer] = arn;
  }
  const needs = readingNeeds(environment.settings, groups, roles);
  return missingGrants(needs, (name) => sessions.account(name), notice);
}

export function refusal(what: string, missing: readonly NeededGrant[]): UserError {
  return new UserError(
    ExitCode.lakeFormation,
    [`${what}, and grants are missing`, ...missingLines(missing).map((line) => `  ${line}`)].join("\n"),
    "An administrator of that account's data lake runs these commands; docs/operations.md tells more.",
  );
}
