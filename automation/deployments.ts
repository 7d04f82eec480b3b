/**
 * The driver's actions on one environment, as programs and the command line call them. Each call reads
 * `Pulumi.<env>.yaml` as `pulumi up` does, enters the accounts, and walks the graph.
 */
import { stages } from "../components/stages";
import type { DriftReport } from "./drift";
import { driverFor } from "./driverFor";
import type { GraphReport } from "./reports";
import type { ChangeOptions, DeployOptions, DestroyOptions, GraphOptions, RunOptions } from "./runOptions";

export type { ChangeOptions, DeployOptions, DestroyOptions, GraphOptions, RunOptions } from "./runOptions";

/**
 * Previews every stage, each against what its needs would give. Changes nothing.
 * @throws SettingsError, UserError (see `ExitCode`); a stage that fails is in the report, and so is each danger to data.
 */
export async function preview(options: ChangeOptions): Promise<GraphReport> {
  return (await driverFor(options)).driver.preview();
}

/**
 * Brings every stage up after what it needs, outputs wired to inputs. Done again, it runs nothing and changes nothing.
 * @throws SettingsError, UserError (see `ExitCode`; dataLoss, before anything is touched); a stage that fails is in the
 *   report, its dependents are skipped.
 */
export async function deploy(options: DeployOptions): Promise<GraphReport> {
  return (await driverFor(options)).driver.up();
}

/**
 * What AWS has that is not what was deployed, by stage, resource and property. Changes nothing; `deploy` with `refresh`
 * mends it.
 * @throws SettingsError, UserError (see `ExitCode`); a stage that cannot be read is in the report.
 */
export async function drift(options: GraphOptions): Promise<DriftReport> {
  return (await driverFor(options)).driver.drift();
}

/**
 * Destroys every stage in reverse.
 * @throws UserError (protectedData) naming what is in the way, before anything is touched.
 */
export async function destroy(options: DestroyOptions): Promise<GraphReport> {
  const { driver, environment, stacksOf } = await driverFor(options);
  if (!options.deleteData) return driver.destroy();
  const settings = { ...environment.settings, protectData: false };
  return driver.destroy({ stages: stages(settings), stacks: stacksOf({ ...environment, settings }) });
}

/** The contract of every deployed stage: what its stack gave, decoded. */
export async function outputs(options: RunOptions): Promise<Record<string, Record<string, unknown>>> {
  return (await driverFor(options, { enterAccounts: false })).driver.outputs();
}
