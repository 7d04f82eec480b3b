import type { RunOptions } from "../model/runOptions";
import { driverFor } from "../session/driverFor";

/** The contract of every deployed stage: its stack's outputs, decoded, by stage. @throws SettingsError; UserError; ContractError */
export async function outputs(options: RunOptions): Promise<Record<string, Record<string, unknown>>> {
  return (await driverFor(options, { enterAccounts: false })).driver.outputs();
}
