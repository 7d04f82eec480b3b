import type { DriftReport } from "../model/drift";
import type { GraphOptions } from "../model/runOptions";
import { withRemovedDrift } from "../run/removed";
import { driverFor } from "../session/driverFor";
import { running, type Run } from "./runs";
import { proveAccess } from "../proof/proveAccess";

/**
 * The drift of every stage, by resource and property, and of the whole graph's access. Changes nothing; `deploy` with `refresh`
 * repairs it. A stage that cannot be read is in the report.
 * @throws SettingsError; UserError (see `ExitCode`)
 */
export function drift(options: GraphOptions): Run<DriftReport> {
  return running(options, driftNow);
}

async function driftNow(options: GraphOptions): Promise<DriftReport> {
  const { driver, removed } = await driverFor(options);
  const report = withRemovedDrift(await driver.drift(), await (await removed()).drift());
  const { env, directory, signal, onEngine, only = [], from = [], consumers = [] } = options;
  const isDeployed = report.stages.some(({ status }) => status !== "absent");
  if (!report.ok || !isDeployed || only.length + from.length + consumers.length > 0) return report;
  const { diff } = await proveAccess({ env, directory, signal, onEngine, of: "live", against: "deployed" });
  if (!diff) return report;
  const hasChanged = diff.grantsGained.length + diff.grantsLost.length > 0;
  return { ...report, access: diff, drifted: report.drifted || hasChanged };
}
