/**
 * The driver's actions on one environment, as programs and the command line call them. Each call reads
 * `Pulumi.<env>.yaml` as `pulumi up` does, enters the accounts, and walks the graph.
 */
import { summaryOf } from "../proof/accessSummary";
import type { DriftReport } from "../model/drift";
import { withRemoved, withRemovedDrift } from "../run/removed";
import { driverFor, type DriverParts } from "../session/driverFor";
import type { GraphReport, AccessSummary } from "../model/reports";
import { holdingToPlan, readPlan, savingPlan, type StagePlans } from "../run/planFile";
import { running, type Run } from "./runs";
import type {
  PreviewOptions,
  DeployOptions,
  DestroyOptions,
  GraphOptions,
  RunOptions,
} from "../model/runOptions";

export type {
  PreviewOptions,
  DeployOptions,
  DestroyOptions,
  GraphOptions,
  RunOptions,
} from "../model/runOptions";

/**
 * Previews every stage, each against what its needs would give. Changes nothing.
 * @throws SettingsError, UserError (see `ExitCode`); a stage that fails is in the report, and so is each danger to data.
 */
export function preview(options: PreviewOptions): Run<GraphReport> {
  return running(options, previewNow);
}

async function previewNow(options: PreviewOptions): Promise<GraphReport> {
  const { driver, basisOf, departing, givenWillDo } = await driverFor(options);
  await givenWillDo();
  const { env: environment, refresh = false, allowReplace = [], savePlan } = options;
  const access = accessAhead(options);
  // Heard below, unless the preview itself fails before.
  access.catch(() => undefined);
  const leaving = await departing();
  const whole = async (plans?: StagePlans) =>
    withRemoved(await driver.preview(plans), await leaving.preview(), "last");
  const facts = { environment, refresh, allowReplace: [...allowReplace] };
  const report = await (savePlan === undefined ? whole() : savingPlan(savePlan, facts, basisOf, whole));
  return withAccess(report, await access);
}

/** What is proven of the access that an update would make, against what is deployed: while the engine previews. */
async function accessAhead({ env, directory, signal, onEngine }: PreviewOptions): Promise<AccessSummary> {
  const { proveAccess } = await import("../proof/proveAccess.js");
  return summaryOf(await proveAccess({ env, directory, signal, onEngine, against: "deployed" }));
}

function withAccess(report: GraphReport, access: AccessSummary): GraphReport {
  return { ...report, access, ok: report.ok && access.ok };
}

/**
 * Brings every stage up after what it needs, outputs wired to inputs. Done again, it runs nothing and changes nothing.
 * @throws SettingsError, UserError (see `ExitCode`; dataLoss, before anything is touched); a stage that fails is in the
 *   report, its dependents are skipped.
 */
export function deploy(options: DeployOptions): Run<GraphReport> {
  return running(options, deployNow);
}

async function deployNow(options: DeployOptions): Promise<GraphReport> {
  const { plan } = options;
  if (plan !== undefined) return deployPlan(plan, options);
  const parts = await driverFor(options);
  const { driver, departing, alone, proven, givenWillDo } = parts;
  return alone("up", async () => {
    await proven();
    await givenWillDo();
    const { catalogWillTake } = await import("../preflight/lakeFormation/gate.js");
    await catalogWillTake(parts, noticeOf(options));
    const leaving = await departing();
    await leaving.guard();
    const report = await driver.up();
    await noted(parts, options);
    const catalog = await ungranted(report, parts, options);
    // What stays is well before what left goes; a run that failed takes nothing away.
    const all = report.ok ? withRemoved(report, await leaving.destroy("released"), "last") : report;
    return catalog.length > 0 ? { ...all, catalog } : all;
  });
}

/** For `leftovers`, later: no reason to lose the report of a run. */
async function noted(parts: DriverParts, options: RunOptions): Promise<void> {
  const { noteMade } = await import("./leftovers/journal.js");
  await noteMade(parts).catch((error: unknown) =>
    noticeOf(options)(`what was made is not noted for \`npm run leftovers\`: ${(error as Error).message}`),
  );
}

/** Asked only where something changed: what Lake Formation would refuse to whom was given access. */
async function ungranted({ stages }: GraphReport, parts: DriverParts, options: RunOptions) {
  if (!stages.some(({ status }) => status === "changed")) return [];
  const { missingForReaders } = await import("../preflight/lakeFormation/gate.js");
  return missingForReaders(parts, noticeOf(options));
}

const noticeOf =
  ({ onProgress }: RunOptions) =>
  (message: string) =>
    onProgress?.({ kind: "notice", message });

/** What the plan says, for the stages that it says, those too that it says go. */
async function deployPlan(file: string, options: DeployOptions): Promise<GraphReport> {
  const plan = await readPlan(file, options.env);
  const { refresh, allowReplace, stages: planned } = plan;
  const only = planned.map(({ stage }) => stage);
  const parts = await driverFor({ ...options, only, from: [], consumers: [], refresh, allowReplace });
  const { driver, basisOf, departing, alone, proven, givenWillDo } = parts;
  return alone("up", async () => {
    await proven();
    await givenWillDo();
    return holdingToPlan(file, plan, basisOf, async (plans) => {
      const leaving = await departing(plan.departed.map(({ stage }) => stage));
      await leaving.guard();
      const report = await driver.up(plans);
      await noted(parts, options);
      return report.ok ? withRemoved(report, await leaving.destroy("released"), "last") : report;
    });
  });
}

/**
 * What AWS has that is not what was deployed, by stage, resource and property. Changes nothing; `deploy` with `refresh`
 * mends it.
 * @throws SettingsError, UserError (see `ExitCode`); a stage that cannot be read is in the report.
 */
export function drift(options: GraphOptions): Run<DriftReport> {
  return running(options, driftNow);
}

async function driftNow(options: GraphOptions): Promise<DriftReport> {
  const { driver, departing } = await driverFor(options);
  const report = withRemovedDrift(await driver.drift(), await (await departing()).drift());
  const { env, directory, signal, onEngine, only = [], from = [], consumers = [] } = options;
  const isDeployed = report.stages.some(({ status }) => status !== "absent");
  if (!report.ok || !isDeployed || only.length + from.length + consumers.length > 0) return report;
  const { proveAccess } = await import("../proof/proveAccess.js");
  const { diff } = await proveAccess({ env, directory, signal, onEngine, of: "live", against: "deployed" });
  if (!diff) return report;
  const hasChanged = diff.grantsGained.length + diff.grantsLost.length > 0;
  return { ...report, access: diff, drifted: report.drifted || hasChanged };
}

/**
 * Destroys every stage in reverse. What holds data is refused, kept (`keepData`), or deleted (`deleteData`, with `confirm`).
 * @throws UserError (protectedData) naming what is in the way, Unconfirmed with the list of what would go: both before
 *   anything is touched.
 */
export function destroy(options: DestroyOptions): Run<GraphReport> {
  return running(options, destroyNow);
}

async function destroyNow(options: DestroyOptions): Promise<GraphReport> {
  const { destroyEnvironment } = await import("./deletion/destroy.js");
  return destroyEnvironment(options);
}

/** The contract of every deployed stage: what its stack gave, decoded. */
export async function outputs(options: RunOptions): Promise<Record<string, Record<string, unknown>>> {
  return (await driverFor(options, { enterAccounts: false })).driver.outputs();
}
