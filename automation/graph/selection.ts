/** The part of the graph that a run works on. */
import { ExitCode, UserError } from "../model/errors";
import { dependentsOf, inOrder, type GraphNode } from "./order";
import type { Selection } from "../model/runOptions";

type Selectable = GraphNode & { readonly consumer?: string };

/** The chosen stages, each after its needs. @throws UserError (usage) for a name that is not in the graph */
export function selected<T extends Selectable>(stages: readonly T[], selection: Selection = {}): T[] {
  const { only = [], from = [], consumers = [] } = selection;
  const order = inOrder(stages);
  if (only.length + from.length + consumers.length === 0) return order;
  const names = order.map(({ name }) => name);
  const known = [...new Set(order.flatMap(({ consumer }) => (consumer === undefined ? [] : [consumer])))];
  for (const name of [...only, ...from]) if (!names.includes(name)) throw unknown("stage", name, names);
  for (const name of consumers) if (!known.includes(name)) throw unknown("consumer", name, known);
  const chosen = new Set([
    ...only,
    ...from.flatMap((name) => [name, ...dependentsOf(stages, name).map((stage) => stage.name)]),
    ...order
      .filter(({ consumer }) => consumer !== undefined && consumers.includes(consumer))
      .map(({ name }) => name),
  ]);
  return order.filter(({ name }) => chosen.has(name));
}

/** Stages outside the choice that chosen stages need, with the names of these. */
export function neededOutside<T extends GraphNode>(
  stages: readonly T[],
  chosen: readonly T[],
): { readonly stage: T; readonly neededBy: readonly string[] }[] {
  const inside = new Set(chosen.map(({ name }) => name));
  return stages
    .filter(({ name }) => !inside.has(name))
    .map((stage) => ({
      stage,
      neededBy: chosen.filter(({ needs }) => needs.includes(stage.name)).map(({ name }) => name),
    }))
    .filter(({ neededBy }) => neededBy.length > 0);
}

/** Stages outside the choice that need a chosen stage directly. */
export function needingInside<T extends GraphNode>(stages: readonly T[], chosen: readonly T[]): T[] {
  const inside = new Set(chosen.map(({ name }) => name));
  return stages.filter(({ name, needs }) => !inside.has(name) && needs.some((need) => inside.has(need)));
}

function unknown(what: "stage" | "consumer", name: string, known: readonly string[]): UserError {
  return new UserError(
    ExitCode.usage,
    `there is no ${what} "${name}" in this environment`,
    known.length > 0 ? `There are: ${known.join(", ")}.` : `Its settings name no ${what}.`,
  );
}
