/** The summary at the end of `npm start`: the resources, and commands to go on with. */
import { topologies } from "../../automation/topologies";
import type { Contracts } from "../../automation/topologies/contracts";
import type { Settings } from "../../components/settings";

export function whatExists(settings: Settings, contracts: Contracts, state: string): string {
  const anyone = topologies.flatMap(({ consumers }) => consumers?.of(settings) ?? [])[0]?.name;
  return [
    ...topologies.flatMap(({ summary }) => summary?.(settings, contracts) ?? []),
    `kept in ${state}`,
    "",
    "Go on:",
    "  npm run -s sandbox:exec -- npm run preview          what a change of Pulumi.dev.yaml would do",
    "  npm run -s sandbox:exec -- npm run verify           try the access again",
    ...(anyone === undefined
      ? []
      : [
          `  npm run -s sandbox:exec -- npm run -s credentials -- --consumer ${anyone}   what its workloads need`,
        ]),
    "  npm run -s sandbox:exec -- aws sts get-caller-identity   any AWS client, if you have one",
    "  npm run -s sandbox:exec -- npm run destroy -- --delete-data   take it all down",
  ].join("\n");
}
