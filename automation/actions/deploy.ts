import type { GraphReport } from "../model/reports";
import type { DeployOptions, RunOptions } from "../model/runOptions";
import { holdingToPlan, readPlan, type StagePlans } from "../run/planFile";
import { withRemoved } from "../run/removed";
import { driverFor, type DriverParts } from "../session/driverFor";
import { running, type Run } from "./runs";
import { catalogWillTake, missingForReaders } from "../preflight/lakeFormation/gate";
import { noteMade } from "./leftovers/journal";

/**
 * Deploys every stage after its needs, outputs wired to inputs, and destroys removed stages. A second call runs no stage and
 * changes nothing. A failed stage is in the report, and the stages that depend on it are skipped.
 * @throws SettingsError; UserError (see `ExitCode`; dataLoss and proof, before anything is touched)
 */
export function deploy(options: DeployOptions): Run<GraphReport> {
  return running(options, deployNow);
}

async function deployNow(options: DeployOptions): Promise<GraphReport> {
  if (options.plan !== undefined) return deployPlan(options.plan, options);
  const parts = await driverFor(options);
  return parts.alone("up", async () => {
    await parts.proveFirst();
    await parts.checkExisting();
    await catalogWillTake(parts, noticeOf(options));
    return updated(parts, options);
  });
}

/** Carries out the plan for the stages that it names, removed ones too. */
async function deployPlan(file: string, options: DeployOptions): Promise<GraphReport> {
  const plan = await readPlan(file, options.env);
  const { refresh, allowReplace } = plan;
  const only = plan.stages.map(({ stage }) => stage);
  const parts = await driverFor({ ...options, only, from: [], consumers: [], refresh, allowReplace });
  return parts.alone("up", async () => {
    await parts.proveFirst();
    await parts.checkExisting();
    const removed = plan.departed.map(({ stage }) => stage);
    return holdingToPlan(file, plan, parts.basisOf, (plans) => updated(parts, options, { plans, removed }));
  });
}

async function updated(
  parts: DriverParts,
  options: DeployOptions,
  planned?: { readonly plans: StagePlans; readonly removed: readonly string[] },
): Promise<GraphReport> {
  const removed = await parts.removed(planned?.removed);
  await removed.guard();
  const report = await parts.driver.up(planned?.plans);
  await noteForLeftovers(parts, options);
  const catalog = planned ? [] : await missingPermissions(report, parts, options);
  // Removed stages are destroyed after the others are deployed; a failed run destroys nothing.
  const all = report.ok ? withRemoved(report, await removed.destroy("released"), "last") : report;
  return catalog.length > 0 ? { ...all, catalog } : all;
}

/** Records what was created. A failure to record is only a notice, and does not lose the run's report. */
async function noteForLeftovers(parts: DriverParts, options: RunOptions): Promise<void> {
  await noteMade(parts).catch((error: unknown) =>
    noticeOf(options)(
      `could not record what was created, for \`npm run leftovers\`: ${(error as Error).message}`,
    ),
  );
}

/** Lake Formation permissions that consumers need for queries and lack; checked only after a change. */
async function missingPermissions({ stages }: GraphReport, parts: DriverParts, options: RunOptions) {
  if (!stages.some(({ status }) => status === "changed")) return [];
  return missingForReaders(parts, noticeOf(options));
}

const noticeOf =
  ({ onProgress }: RunOptions) =>
  (message: string) =>
    onProgress?.({ kind: "notice", message });
