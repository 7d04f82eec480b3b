/** Adopts resources into the stage's state that a killed run created in AWS and did not record. */
import { StageFailed } from "../../model/errors";
import type { StageContext } from "../stageContext";

/** The engine records each creation before it begins: those without a recorded end are looked up in AWS. */
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

/** Adopts creations that a provider began before it died, and that the state does not have. @throws the error */
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
    context.notice(`the provider died while it worked: ${adopted(found)}`);
    await options.stacks.adopt(stage, found, error.lost);
  }
  throw error;
}

/** Some were not looked up in AWS: the refresh after the adoption drops those that do not exist. */
function adopted(found: readonly { readonly unseen?: true }[]): string {
  const unseen = found.filter((each) => each.unseen).length;
  const seen = `${found.length - unseen} found in the account and adopted`;
  return unseen === 0 ? seen : `${seen}, ${unseen} adopted if AWS has them`;
}
