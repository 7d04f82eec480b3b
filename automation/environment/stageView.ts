/** What of the settings one stage's program is given: the parts that make the stage, and nothing of the others. */
import type { Settings } from "../../components/settings";
import { stages, type Stage } from "../../components/stages";

export interface StageView {
  readonly settings: Settings;
  /** The stage as these settings make it: its program has seen no others. */
  readonly stage: Stage;
}

/**
 * Leaves out each part of the settings without which the stage still is in the graph, with the same needs: the other
 * topology, the other consumers and their accounts, profiles and monitoring. As the program is made from the view and run with it, a change
 * elsewhere in the settings cannot be a change of the stage.
 */
export function viewOf(settings: Settings, { name, needs, consumer }: Stage): StageView {
  const candidate = (of: Settings): StageView | undefined => {
    const stage = stages(of).find((each) => each.name === name);
    return stage && String(stage.needs) === String(needs) ? { settings: of, stage } : undefined;
  };
  let view = candidate(settings);
  if (!view) throw new Error(`the settings have no stage ${name}`);
  const less = [
    (of: Settings) => withConsumers(of, consumer === undefined ? [] : [consumer]),
    (of: Settings) => ({ ...of, monitoring: undefined }),
    // Of its own account at most: what has no profiles in it has none of any account.
    (of: Settings) => ({
      ...of,
      profiles: of.profiles.filter(({ account }) => name.endsWith(`:${account}`)),
    }),
    (of: Settings) => ({ ...of, offlineStore: undefined }),
    (of: Settings) => ({ ...of, centralStore: undefined }),
  ];
  for (const leave of less) view = candidate(leave(view.settings)) ?? view;
  return view;
}

/** The settings with these consumers only; the accounts of the others go with them. */
function withConsumers(settings: Settings, names: readonly string[]): Settings {
  const gone = new Set(
    settings.consumers.filter(({ name }) => !names.includes(name)).map(({ account }) => account),
  );
  const consumers = settings.consumers.filter(({ name }) => names.includes(name));
  const kept = new Set(["A", "B", ...consumers.map(({ account }) => account)]);
  const accounts = Object.entries(settings.accounts).filter(([name]) => kept.has(name) || !gone.has(name));
  return { ...settings, consumers, accounts: Object.fromEntries(accounts) };
}
