/**
 * The driver for programs: `import { deploy, drift, preview, destroy, outputs, verify } from "./automation"`.
 * docs/automation.md has examples.
 */
export { deploy } from "./actions/deploy";
export { destroy } from "./actions/destroy";
export { drift } from "./actions/drift";
export { outputs } from "./actions/outputs";
export { preview } from "./actions/preview";
export type { DriftReport, PropertyDrift, ResourceDrift, StageDrift } from "./model/drift";
export type { Doomed, DataLoss } from "./model/data";
export type { ShownValue, WireValue, WireValues } from "./model/wires";
export { Unconfirmed } from "./actions/deletion/confirm";
export { leftovers, type LeftoverOptions, type LeftoverReport } from "./actions/leftovers/leftovers";
export type { Leftover } from "./actions/leftovers/types";
export { ExitCode, PolicyBroken, StageFailed, UserError } from "./model/errors";
export { proveAccess, type AccessProof, type ProveOptions } from "./proof/proveAccess";
export { grants, revokeGrant, type RevokeOptions, type StoreGrants } from "./actions/grants";
export type { Cause, ContractChange, GraphReport, StageReport, DriverProgress } from "./model/reports";
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
export { verify, type Check, type VerifyOptions } from "./actions/verify";
