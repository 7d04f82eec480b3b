/** Emulated AWS accounts on the loopback interface that enforce IAM, inside this process. README.md shows the command, too. */
import type { Sandbox, SandboxOptions } from "./sandbox";

export { SandboxError } from "./errors";
export { toolingAccount, type AccountKeys, type Accounts } from "./identity/accounts";
export { installProvider, type InstallOptions } from "./installProvider";
export type { FaultKind, FaultPlan, Faults } from "./pipeline/faults";
export type { Sandbox, SandboxOptions } from "./sandbox";

/**
 * Starts a sandbox.
 *
 * @throws SandboxError if an option is wrong, the port is taken, or the state is in use, not writable or not readable.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  // Loaded late: programs that only install the provider or handle errors do not load the services.
  const { start } = await import("./start.js");
  return start(options);
}
