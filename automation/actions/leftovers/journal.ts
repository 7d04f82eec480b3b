/**
 * A record, beside the state, of everything that an environment made and AWS keeps after its deletion. It grows with each
 * update and outlives the stacks; without it, leftovers are found from the settings alone.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Stage } from "../../../components/stages";
import { accountOf } from "../../../components/settings";
import { type DriverParts } from "../../session/driverFor";
import { recordsFolder } from "../../stacks/recordsFolder";
import { topologies } from "../../topologies";
import { ExitCode, UserError } from "../../model/errors";
import type { Environment } from "../../environment/project";
import type { WireValues } from "../../model/wires";
import { replaceFile } from "../../environment/files";

const group = z.object({
  name: z.string(),
  /** Name of the account in the settings, and its ID. */
  account: z.string(),
  accountId: z.string(),
  region: z.string(),
  /** `s3://bucket/.../NAME-EPOCH/data` */
  s3Uri: z.string().optional(),
  table: z.object({ database: z.string(), name: z.string() }).optional(),
});
const results = z.object({ consumer: z.string(), location: z.string() });
const journal = z.object({ version: z.literal(1), groups: z.array(group), results: z.array(results) });

export type MadeGroup = z.infer<typeof group>;
export type MadeResults = z.infer<typeof results>;
export type Journal = z.infer<typeof journal>;

export const journalFile = (environment: Environment) =>
  join(recordsFolder(environment), `${environment.name}.made.json`);

/** @throws UserError (failed) naming a file that is not such a record */
export async function readJournal(file: string): Promise<Journal> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { version: 1, groups: [], results: [] };
    throw error;
  }
  try {
    return journal.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      ExitCode.failed,
      `${file} is not a record of what the environment has made`,
      "Move it away: leftovers are then found from the settings alone.",
    );
  }
}

/** The record with the outputs of the stages added, without duplicates. */
export function withMade(
  before: Journal,
  environment: Environment,
  stages: readonly {
    readonly stage: Pick<Stage, "name" | "kind" | "account" | "consumer">;
    outputs: WireValues;
  }[],
): Journal {
  const groups = new Map(before.groups.map((each) => [keyOf(each), each]));
  const found = new Map(before.results.map((each) => [each.location, each]));
  for (const { stage, outputs } of stages) {
    const { name, kind, consumer } = stage;
    if (kind.makesGroups)
      for (const each of groupsOf(environment, stage, outputs)) groups.set(keyOf(each), each);
    const location = outputs["resultsLocation"]?.value;
    if (consumer !== undefined && typeof location === "string" && resultsStages(consumer).includes(name))
      found.set(location, { consumer, location });
  }
  return { version: 1, groups: [...groups.values()], results: [...found.values()] };
}

/** The stages whose contracts have the location of the consumer's query results. */
export function resultsStages(consumer: string): string[] {
  return topologies.flatMap((topology) => topology.resultsStage?.(consumer) ?? []);
}

const keyOf = ({ accountId, name, s3Uri = "" }: MadeGroup) => `${accountId}/${name}/${s3Uri}`;

function groupsOf(
  { settings }: Environment,
  { account }: Pick<Stage, "account">,
  outputs: WireValues,
): MadeGroup[] {
  if (!settings.accounts[account]) return [];
  const { id: accountId, region } = accountOf(settings, account);
  const given = z.record(z.string(), group.pick({ name: true, s3Uri: true, table: true }));
  const decoded = given.safeParse(outputs["featureGroups"]?.value);
  return decoded.success
    ? Object.values(decoded.data).map((each) => ({ ...each, account, accountId, region }))
    : [];
}

/** Records the feature groups and result locations of all deployed stages. */
export async function noteMade({
  environment,
  graph,
  stacks,
}: Pick<DriverParts, "environment" | "graph" | "stacks">): Promise<void> {
  const stages = await Promise.all(
    graph.map(async (stage) => ({ stage, outputs: (await stacks.deployed(stage))?.outputs ?? {} })),
  );
  const file = journalFile(environment);
  await writeJournal(file, withMade(await readJournal(file), environment, stages));
}

export function writeJournal(file: string, content: Journal): Promise<void> {
  return replaceFile(file, JSON.stringify(content, null, 2));
}
