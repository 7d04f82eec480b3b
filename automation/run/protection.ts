/** Protected data, which blocks a destruction. */
import type { Stage } from "../../components/stages";
import type { DriverOptions } from "../model/driverOptions";
import { ExitCode, UserError } from "../model/errors";
import { inOrder } from "../graph/order";
import { GraphRun } from "./graphRun";
import { runStage } from "./steps";
import type { DeployedStack } from "../model/stackPort";

export interface ProtectedResource {
  readonly stage: Stage;
  readonly type: string;
  /** AWS ID. */
  readonly id: string;
}

/** The protected resources of the stages' stacks. */
export async function protectedResources(
  stages: readonly Stage[],
  deployed: (stage: Stage) => Promise<DeployedStack | undefined>,
): Promise<ProtectedResource[]> {
  const stacks = await Promise.all(stages.map(deployed));
  return stages.flatMap((stage, at) =>
    (stacks[at]?.resources ?? [])
      .filter(({ protect }) => protect)
      .map(({ type, id }) => ({ stage, type, id })),
  );
}

/** Updates the named stages from their unprotected twins, so that the engine may delete their resources. */
export async function unprotect(twins: DriverOptions, names: ReadonlySet<string>): Promise<void> {
  const run = new GraphRun(twins);
  for (const stage of inOrder(twins.stages)) {
    const deployed = await run.deployed(stage);
    if (!deployed) continue;
    if (!names.has(stage.name)) {
      run.giveFromOutside(stage.name, deployed.outputs);
      continue;
    }
    twins.onProgress?.({ kind: "notice", stage: stage.name, message: "removing the protection of its data" });
    await runStage("unprotect", stage, run);
  }
}

/** The refusal to destroy protected resources. */
export function protectionRefusal(held: readonly ProtectedResource[]): UserError {
  return new UserError(
    ExitCode.protectedData,
    [
      "nothing was destroyed: the settings protect data (protectData)",
      ...held.map(({ stage, type, id }) => `  ${stage.name} (account ${stage.account}): ${type} ${id}`),
    ].join("\n"),
    "`npm run destroy -- --delete-data` deletes it, with records, objects and keys.",
  );
}
