/** The basis of stages' runs and plans: program, settings and state. */
import type { Stage } from "../../components/stages";
import { hashOf, LOADED_PROGRAM } from "../environment/hashes";
import { stackName, type Environment } from "../environment/project";
import { viewOf } from "../environment/stageView";
import type { PlanBasis } from "../run/planFile";
import { FileMemory } from "../run/stageMemory";
import type { EngineStacks } from "../stacks/engineStacks";
import { recordsFolder } from "../stacks/recordsFolder";

export function memoryOf(environment: Environment): FileMemory {
  return new FileMemory({
    folder: recordsFolder(environment),
    nameOf: (stage) => stackName(environment.name, stage.name),
    program: () => LOADED_PROGRAM,
    settingsOf: (stage) => settingsOf(environment, stage),
  });
}

/** The basis of a plan of the stage; a removed stage has no settings. */
export async function planBasis(
  environment: Environment,
  graph: readonly Stage[],
  stacks: EngineStacks,
  name: string,
): Promise<PlanBasis> {
  const stage = graph.find((each) => each.name === name);
  const state = await stacks.state({ name });
  return {
    program: await LOADED_PROGRAM,
    settings: stage ? hashOf(settingsOf(environment, stage)) : "",
    state: state && (state.version ?? ""),
  };
}

/** Everything in the environment that can change the stage's program. */
function settingsOf({ project, settings, stackSettings }: Environment, stage: Stage): unknown {
  return [project.name, stackSettings, viewOf(settings, stage).settings];
}
