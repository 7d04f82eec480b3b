import { summaryOf } from "../proof/accessSummary";
import type { AccessSummary, GraphReport } from "../model/reports";
import type { PreviewOptions } from "../model/runOptions";
import { savingPlan, type StagePlans } from "../run/planFile";
import { withRemoved } from "../run/removed";
import { driverFor } from "../session/driverFor";
import { running, type Run } from "./runs";
import { proveAccess } from "../proof/proveAccess";

/**
 * Previews every stage against the previewed outputs of its needs, and proves the access after an update. Changes nothing.
 * The report includes failed stages and data losses.
 * @throws SettingsError; UserError (see `ExitCode`)
 */
export function preview(options: PreviewOptions): Run<GraphReport> {
  return running(options, previewNow);
}

async function previewNow(options: PreviewOptions): Promise<GraphReport> {
  const { driver, basisOf, removed, checkExisting } = await driverFor(options);
  await checkExisting();
  const { env: environment, refresh = false, allowReplace = [], savePlan } = options;
  const proof = proveAhead(options);
  // A failure surfaces when the proof is awaited, unless the preview fails first.
  proof.catch(() => undefined);
  const removedStages = await removed();
  const whole = async (plans?: StagePlans) =>
    withRemoved(await driver.preview(plans), await removedStages.preview(), "last");
  const facts = { environment, refresh, allowReplace: [...allowReplace] };
  const report = await (savePlan === undefined ? whole() : savingPlan(savePlan, facts, basisOf, whole));
  const access = await proof;
  return { ...report, access, ok: report.ok && access.ok };
}

/** Proves the planned access against the deployed one, while the engine previews. */
async function proveAhead({ env, directory, signal, onEngine }: PreviewOptions): Promise<AccessSummary> {
  return summaryOf(await proveAccess({ env, directory, signal, onEngine, against: "deployed" }));
}
