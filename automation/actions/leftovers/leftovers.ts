/** `leftovers`: finds what the environment left in its accounts, and purges it on request. */
import { STORES } from "../../../components/topologies";
import { stackName } from "../../environment/project";
import { confirm } from "../deletion/confirm";
import { contentsText } from "../deletion/contents";
import { driverFor, type DriverParts } from "../../session/driverFor";
import type { RunOptions, Confirmation } from "../../model/runOptions";
import { topologies } from "../../topologies";
import { running, type Run } from "../runs";
import { keysLeft, leftOf, resultsLeft } from "./find";
import { journalFile, readJournal, resultsStages } from "./journal";
import { placesOf, type Place } from "./places";
import { purge, titleOf } from "./purge";
import type { Leftover } from "./types";

export interface LeftoverOptions extends RunOptions {
  /** True: deletes the leftovers that the environment made; needs `confirm`. */
  readonly purge?: boolean;
  /** The environment's name, or a function that asks for it and gets the leftovers. */
  readonly confirm?: Confirmation<Leftover>;
}

export interface LeftoverReport {
  /** All leftovers found. */
  readonly leftovers: readonly Leftover[];
  /** True if the environment's own leftovers were purged. */
  readonly purged: boolean;
}

/**
 * @throws SettingsError; UserError (credentials, locked); Unconfirmed with the list of what would be deleted, before
 *   anything is
 */
export function leftovers(options: LeftoverOptions): Run<LeftoverReport> {
  return running(options, leftoversNow);
}

async function leftoversNow(options: LeftoverOptions): Promise<LeftoverReport> {
  const parts = await driverFor(options);
  if (!options.purge) return { leftovers: (await find(parts)).left, purged: false };
  // A deployment at the same time could recreate what is being purged.
  return parts.alone("purge", async () => {
    const { left, placeOf } = await find(parts);
    const ours = left.filter(({ ours: own }) => own);
    if (ours.length === 0) return { leftovers: left, purged: false };
    await confirm(parts.environment.name, ours, leftoverLines(ours), options.confirm);
    const accounts = (name: string) => parts.sessions.account(name);
    const notice = (message: string) => options.onProgress?.({ kind: "notice", message });
    const groupsAccount = (each: Leftover) => placeOf.get(each)?.groupsAccount ?? each.account;
    await purge(ours, accounts, groupsAccount, {
      notice,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return { leftovers: left, purged: true };
  });
}

async function find({ environment, graph, stacks, sessions }: DriverParts) {
  const { settings, project, name } = environment;
  const journal = await readJournal(journalFile(environment));
  const accounts = (account: string) => sessions.account(account);
  const left: Leftover[] = [];
  const placeOf = new Map<Leftover, Place>();
  for (const place of placesOf(settings, journal.groups))
    for (const each of await leftOf(place, accounts)) {
      left.push(each);
      placeOf.set(each, place);
    }
  for (const made of journal.results) {
    const consumer = topologies
      .flatMap(({ consumers }) => consumers?.of(settings) ?? [])
      .find((each) => each.name === made.consumer);
    const isLiving = await anyDeployed(stacks, resultsStages(made.consumer));
    if (consumer && !isLiving) left.push(...(await resultsLeft(made, consumer.account, accounts)));
  }
  // Also for stores that are no longer in the settings.
  for (const { account, stages } of STORES) {
    if (!settings.accounts[account]) continue;
    const deployed = graph.find((each) => each.name === stages.role);
    const resources = deployed ? ((await stacks.deployed(deployed))?.resources ?? []) : [];
    const aliases = new Set(resources.filter(({ type }) => type.includes("kms/alias")).map(({ id }) => id));
    // The same rule as in the keys' component.
    const own = `alias/${project.name}/${stackName(name, stages.role)}/`.replace(/[^a-zA-Z0-9/_-]/g, "-");
    left.push(...(await keysLeft(account, [own], aliases, accounts)));
  }
  return { left, placeOf };
}

async function anyDeployed(stacks: DriverParts["stacks"], names: readonly string[]): Promise<boolean> {
  const states = await Promise.all(names.map((name) => stacks.state({ name })));
  return states.some((state) => state !== undefined);
}

export function leftoverLines(leftovers: readonly Leftover[]): string[] {
  return leftovers.flatMap((each) => {
    const whose = each.ours ? "" : "; not known to belong to this environment, so never purged";
    const line = `${titleOf(each)} (account ${each.account}${whose})`;
    if ("contents" in each) return [line, `  of ${each.of}: ${contentsText(each.contents)}`];
    if (each.kind === "table") return [line, `  of ${each.of}: at ${each.location}`];
    return [
      line,
      `  the key itself stays: aws kms schedule-key-deletion --key-id ${each.id} deletes it, and with it all that it encrypts`,
    ];
  });
}
