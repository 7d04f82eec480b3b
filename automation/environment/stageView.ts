/** The part of the settings that one stage's program gets: all that the stage depends on, and nothing about other stages. */
import type { Settings } from "../../components/settings";
import { stages, type Stage } from "../../components/stages";
import { TOPOLOGIES } from "../../components/topologies";

export interface StageView {
  readonly settings: Settings;
  /** The stage made from these settings alone. */
  readonly stage: Stage;
}

/**
 * Leaves out each part of the settings without which the graph still has the stage with the same needs: other topologies, other
 * consumers and their accounts, profiles and monitoring. The program is made from the view and run with it, so that a change
 * elsewhere in the settings cannot change the stage.
 */
export function viewOf(settings: Settings, { name, needs, consumer }: Stage): StageView {
  const candidate = (of: Settings): StageView | undefined => {
    const stage = stages(of).find((each) => each.name === name);
    return stage && String(stage.needs) === String(needs) ? { settings: of, stage } : undefined;
  };
  let view = candidate(settings);
  if (!view) throw new Error(`the settings have no stage ${name}`);
  const less: readonly Partial<Settings>[] = [
    { monitoring: undefined },
    // Keeps at most the profiles of the stage's own account.
    { profiles: settings.profiles.filter(({ account }) => name.endsWith(`:${account}`)) },
    ...TOPOLOGIES.flatMap((topology) => topology.less(settings, consumer)),
  ];
  for (const part of less) view = candidate({ ...view.settings, ...part }) ?? view;
  return view;
}
