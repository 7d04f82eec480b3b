import type { RunOptions } from "../model/runOptions";
import { driverFor } from "../session/driverFor";

/** By stage: the contract of every deployed stage, decoded from its stack's outputs. @throws SettingsError; UserError; ContractError */
export async function outputs(options: RunOptions): Promise<Record<string, Record<string, unknown>>> {
  return (await driverFor(options, { enterAccounts: false })).driver.outputs();
}
