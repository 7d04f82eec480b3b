/**
 * The driver for programs: `import { deploy, drift, preview, destroy, outputs, verify } from "./automation"`.
 * docs/automation.md has examples.
 */
export { deploy, destroy, drift, outputs, preview } from "./deployments";
export type { DriftReport, PropertyDrift, ResourceDrift, StageDrift } from "./drift";
export { Unconfirmed } from "./deletion/confirm";
export type { Doomed } from "./deletion/inventory";
export { leftovers, type LeftoverOptions, type LeftoverReport } from "./leftovers/leftovers";
export type { Leftover } from "./leftovers/types";
export type { DriverProgress } from "./driverOptions";
export { ExitCode, PolicyBroken, StageFailed, UserError } from "./errors";
export { proveAccess, type AccessProof, type ProveOptions } from "./proof/proveAccess";
export { grants, revokeGrant, type RevokeOptions, type StoreGrants } from "./grants";
export type { Cause, ContractChange, Danger, GraphReport, ShownValue, StageReport } from "./reports";
export type {
  ChangeOptions,
  DeployOptions,
  DestroyOptions,
  GraphOptions,
  PreviewOptions,
  RunOptions,
} from "./runOptions";
export type { Violation } from "../policy-pack/rules";
export type { Run } from "./runs";
export type { ResourceChange, StageProgress } from "./stackPort";
export type { WireValue, WireValues } from "./wiring";
export { verify, type Check, type VerifyOptions } from "./verify";
