/** The summary at the end of `npm start`: the resources, and commands to go on with. */
import type { Settings } from "../../components/settings";
import { topologies } from "../../automation/topologies";

/** @param contracts each stage's contract, by stage */
export function whatExists(contracts: Record<string, unknown>, settings: Settings, state: string): string {
  const consumers = topologies.flatMap((topology) => topology.consumers?.of(settings) ?? []);
  const [anyone] = consumers;
  return [
    ...topologies.flatMap((topology) => topology.summary?.(contracts, settings) ?? []),
    `kept in ${state}`,
    "",
    "Go on:",
    "  npm run -s sandbox:exec -- npm run preview          what a change of Pulumi.dev.yaml would do",
    "  npm run -s sandbox:exec -- npm run verify           try the access again",
    ...(anyone === undefined
      ? []
      : [
          `  npm run -s sandbox:exec -- npm run -s credentials -- --consumer ${anyone.name}   what its workloads need`,
        ]),
    "  npm run -s sandbox:exec -- aws sts get-caller-identity   any AWS client, if you have one",
    "  npm run -s sandbox:exec -- npm run destroy -- --delete-data   take it all down",
  ].join("\n");
}
