/** The driver for programs: `import { deploy, preview, destroy, outputs, verify } from "./automation"`. */
export { deploy, destroy, outputs, preview, type RunOptions } from "./deployments";
export type { DriverProgress, GraphReport, StageReport } from "./driver";
export { ExitCode, StageFailed, UserError } from "./errors";
export type { ResourceChange, StageProgress } from "./stackPort";
export { verify, type Check, type VerifyOptions } from "./verify";
