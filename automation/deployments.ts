/**
 * The driver's actions on one environment, as programs and the command line call them. Each call reads `Pulumi.<env>.yaml` as `pulumi up` does, finds the engine, enters both accounts, and walks the graph.
 */
import { stages } from "../components/stages";
import { AccountSessions, checkAccounts } from "./accountSessions";
import { Driver, type DriverProgress, type GraphReport } from "./driver";
import { findEngine } from "./engine";
import { EngineStacks } from "./engineStacks";
import { loadEnvironment, type Environment } from "./project";
import { findPending } from "./recover";
import { recreatedRole } from "./recreatedRoles";

export interface RunOptions {
  /** Name of the environment: `dev` of `Pulumi.dev.yaml`. */
  readonly env: string;
  /** Folder with `Pulumi.yaml`; the current one by default. */
  readonly directory?: string;
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Told how the engine is come by (it may have to be installed or built first). */
  readonly onEngine?: (line: string) => void;
  /** Ends the run: the engine finishes the step that it is at, and says how far it came. */
  readonly signal?: AbortSignal;
}

/**
 * Previews every stage, each against what its needs would give. Changes nothing.
 * @throws SettingsError, UserError (see `ExitCode`); a stage that fails is in the report.
 */
export async function preview(options: RunOptions): Promise<GraphReport> {
  return (await driverFor(options)).driver.preview();
}

/**
 * Brings every stage up in order, outputs wired to inputs. Done again, it changes nothing.
 * @throws SettingsError, UserError (see `ExitCode`); a stage that fails is in the report, its dependents are skipped.
 */
export async function deploy(options: RunOptions): Promise<GraphReport> {
  return (await driverFor(options)).driver.up();
}

/**
 * Destroys every stage in reverse.
 * @param options `deleteData`: also what the settings protect (feature groups, buckets, keys), with all it holds.
 * @throws UserError (protectedData) naming what is in the way, before anything is touched.
 */
export async function destroy(options: RunOptions & { readonly deleteData?: boolean }): Promise<GraphReport> {
  const { driver, environment, stacksOf } = await driverFor(options);
  if (!options.deleteData) return driver.destroy();
  const settings = { ...environment.settings, protectData: false };
  return driver.destroy({ stages: stages(settings), stacks: stacksOf({ ...environment, settings }) });
}

/** The contract of every deployed stage: what its stack gave, decoded. */
export async function outputs(options: RunOptions): Promise<Record<string, Record<string, unknown>>> {
  return (await driverFor(options, { enterAccounts: false })).driver.outputs();
}

async function driverFor(options: RunOptions, { enterAccounts = true } = {}) {
  const environment = loadEnvironment(options.env, options.directory);
  const engine = await findEngine({ progress: options.onEngine, signal: options.signal });
  const command = await engine.pulumiCommand();
  const sessions = new AccountSessions(environment.settings);
  if (enterAccounts) await checkAccounts(environment.settings, sessions);
  const notice = (message: string) => options.onProgress?.({ kind: "notice", message });
  const stacksOf = (of: Environment) => new EngineStacks({ environment: of, command, notice });
  const driver = new Driver({
    stages: stages(environment.settings),
    stacks: stacksOf(environment),
    recovery: (stage, deployed) => findPending(deployed, sessions.account(stage.account)),
    staleIdentities: (stage, deployed) => recreatedRole(deployed, sessions.account(stage.account)),
    onProgress: options.onProgress,
    signal: options.signal,
  });
  return { driver, environment, stacksOf };
}
