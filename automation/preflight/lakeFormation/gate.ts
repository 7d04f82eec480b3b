/** Lake Formation checks of a deployment: for creators of tables before it, for their readers after it. */
import type { Stage } from "../../../components/stages";
import type { AccountSessions } from "../../environment/accountSessions";
import type { Environment } from "../../environment/project";
import { plainValues } from "../../graph/wiring";
import { ExitCode, UserError } from "../../model/errors";
import type { CatalogPermission } from "../../model/reports";
import type { StackPort } from "../../model/stackPort";
import { topologies } from "../../topologies";
import { missingPermissions } from "./check";
import { creatingNeeds, missingLines } from "./needs";

interface Parts {
  readonly environment: Pick<Environment, "settings">;
  readonly graph: readonly Stage[];
  readonly stacks: Pick<StackPort, "deployed">;
  readonly sessions: AccountSessions;
}

/** @throws UserError (lakeFormation) before anything is done, if a new feature group could not create its table */
export async function catalogWillTake(
  { environment, graph, stacks, sessions }: Parts,
  notice: (message: string) => void,
): Promise<void> {
  const made = new Set<string>();
  for (const stage of graph.filter(({ kind }) => kind.makesGroups))
    for (const { type, id } of (await stacks.deployed(stage))?.resources ?? [])
      if (type.includes("featureGroup")) made.add(`${stage.account} ${id}`);
  const needs = creatingNeeds(environment.settings, made);
  if (needs.length === 0) return;
  const missing = await missingPermissions(needs, (name) => sessions.account(name), notice);
  if (missing.length === 0) return;
  throw new UserError(
    ExitCode.lakeFormation,
    [
      "nothing was done: AWS Lake Formation governs the catalog, and permissions are missing",
      ...missingLines(missing).map((line) => `  ${line}`),
    ].join("\n"),
    "An administrator of that account's data lake has to run these commands; docs/operations.md explains them.",
  );
}

/** @returns the permissions that deployed consumers lack to query the groups in their access */
export async function missingForReaders(
  { environment, graph, stacks, sessions }: Parts,
  notice: (message: string) => void,
): Promise<CatalogPermission[]> {
  const contractOf = async (name: string) => {
    const stage = graph.find((each) => each.name === name);
    const deployed = stage && (await stacks.deployed(stage));
    return deployed && plainValues(deployed.outputs);
  };
  const needs = await Promise.all(
    topologies.map(
      (topology) => topology.catalogReaders?.(environment.settings, contractOf) ?? Promise.resolve([]),
    ),
  );
  return missingPermissions(needs.flat(), (name) => sessions.account(name), notice);
}
