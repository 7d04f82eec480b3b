/** The part of the settings that one stage's program is given: all that makes the stage, and nothing of the others. */
import type { Settings } from "../../components/settings";
import { stages, type Stage } from "../../components/stages";
import { TOPOLOGIES } from "../../components/topologies";

export interface StageView {
  readonly settings: Settings;
  /** The stage as these settings make it: its program has seen no others. */
  readonly stage: Stage;
}

/**
 * Leaves out each part of the settings without which the stage still is in the graph, with the same needs: other topologies,
 * other consumers and their accounts, profiles and monitoring. As the program is made from the view and run with it, a
 * change elsewhere in the settings cannot be a change of the stage.
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
    // Profiles of its own account at most: a stage without profiles of that account has none of any.
    { profiles: settings.profiles.filter(({ account }) => name.endsWith(`:${account}`)) },
    ...TOPOLOGIES.flatMap((topology) => topology.less(settings, consumer)),
  ];
  for (const part of less) view = candidate({ ...view.settings, ...part }) ?? view;
  return view;
}
