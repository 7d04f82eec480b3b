/** Adopts into the stage's state what a killed run made in AWS and did not record. */
import { StageFailed } from "../../model/errors";
import type { StageContext } from "../stageContext";

/** The engine notes a creation before it begins it: those without an end are looked for in AWS. */
export async function recover(context: StageContext): Promise<void> {
  const { stage, graph, options } = context;
  const deployed = await context.deployed();
  if (!deployed || deployed.pending.length === 0) return;
  const found = await options.recovery(stage, deployed);
  const count = deployed.pending.length;
  context.notice(`the last run was killed while it created ${count} resource(s): ${adopted(found)}`);
  await options.stacks.adopt(stage, found);
  graph.forgetDeployed(stage);
}

/** After a provider ended in the middle of creations, which the state does not know of then. @throws the error */
export async function recoverLost(context: StageContext, error: unknown): Promise<never> {
  const { stage, options } = context;
  if (!(error instanceof StageFailed) || error.lost.length === 0) throw error;
  const deployed = await options.stacks.deployed(stage);
  const pending = error.lost.map(({ urn, type, inputs = {}, provider }) => ({
    ...{ urn, type, inputs },
    ...(provider === undefined ? {} : { provider }),
  }));
  const found = await options.recovery(stage, {
    ...(deployed ?? { outputs: {}, resources: [] }),
    pending,
  });
  if (found.length > 0) {
    context.notice(`the provider ended in the middle of its work: ${adopted(found)}`);
    await options.stacks.adopt(stage, found, error.lost);
  }
  throw error;
}

/** AWS was not asked for some: the refresh after the adoption drops those that are not there. */
function adopted(found: readonly { readonly unseen?: true }[]): string {
  const unseen = found.filter((each) => each.unseen).length;
  const seen = `${found.length - unseen} found in the account and adopted`;
  return unseen === 0 ? seen : `${seen}, ${unseen} adopted if AWS has them`;
}
