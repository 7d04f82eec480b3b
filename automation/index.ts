/**
 * The driver for programs: `import { deploy, drift, preview, destroy, outputs, verify } from "./automation"`.
 * docs/automation.md has examples.
 */
export { deploy, destroy, drift, outputs, preview } from "./actions/deployments";
export type { DriftReport, PropertyDrift, ResourceDrift, StageDrift } from "./run/drift";
export { Unconfirmed } from "./actions/deletion/confirm";
export type { Doomed } from "./actions/deletion/inventory";
export { leftovers, type LeftoverOptions, type LeftoverReport } from "./actions/leftovers/leftovers";
export type { Leftover } from "./actions/leftovers/types";
export type { DriverProgress } from "./model/driverOptions";
export { ExitCode, PolicyBroken, StageFailed, UserError } from "./model/errors";
export { proveAccess, type AccessProof, type ProveOptions } from "./proof/proveAccess";
export { grants, revokeGrant, type RevokeOptions, type StoreGrants } from "./actions/grants";
export type { Cause, ContractChange, Danger, GraphReport, ShownValue, StageReport } from "./model/reports";
export type {
  ChangeOptions,
  DeployOptions,
  DestroyOptions,
  GraphOptions,
  PreviewOptions,
  RunOptions,
} from "./model/runOptions";
export type { Violation } from "../policy-pack/rules";
export type { Run } from "./actions/runs";
export type { ResourceChange, StageProgress } from "./model/stackPort";
export type { WireValue, WireValues } from "./graph/wiring";
export { verify, type Check, type VerifyOptions } from "./actions/verify";
