/** The summary at the end of `npm start`: the resources, and commands to try next. */
import { topologies } from "../../automation/topologies";
import type { Contracts } from "../../automation/topologies/contracts";
import type { Settings } from "../../components/settings";

export function whatExists(settings: Settings, contracts: Contracts, state: string): string {
  const consumer = topologies.flatMap(({ consumers }) => consumers?.of(settings) ?? [])[0]?.name;
  return [
    ...topologies.flatMap(({ summary }) => summary?.(settings, contracts) ?? []),
    `kept in ${state}`,
    "",
    "Try next:",
    "  npm run -s sandbox:exec -- npm run preview          what a change of Pulumi.dev.yaml would do",
    "  npm run -s sandbox:exec -- npm run verify           try the access again",
    ...(consumer === undefined
      ? []
      : [
          `  npm run -s sandbox:exec -- npm run -s credentials -- --consumer ${consumer}   what a consumer's workloads need`,
        ]),
    "  npm run -s sandbox:exec -- aws sts get-caller-identity   any AWS client, if you have one",
    "  npm run -s sandbox:exec -- npm run destroy -- --delete-data   destroy everything",
  ].join("\n");
}
