/**
 * Errors that the user can resolve: a message that says what is wrong and where, advice, and an exit code for scripts. Any
 * other error is a bug in the program and keeps its stack.
 */
import type { Violation } from "../../policy-pack/rules";
import type { BegunCreation } from "./stackPort";

/** The exit codes of every command of this project (docs/automation.md has the table). */
export const ExitCode = {
  ok: 0,
  /** An update failed, or something unexpected happened. */
  failed: 1,
  /** `drift` found drift. */
  drift: 2,
  /** A validation error in the settings: nothing was run. */
  settings: 3,
  /** There is no Pulumi engine, and none could be provided. */
  engine: 4,
  /** An account cannot be entered: missing credentials, a role that cannot be assumed, or the wrong account. */
  credentials: 5,
  /** A stack is locked by another run. */
  locked: 6,
  /** The destruction would delete protected data. */
  protectedData: 7,
  /** A check of the verification failed. */
  verification: 8,
  /** Data would be lost, and the user has not allowed it by name. */
  dataLoss: 10,
  /** A saved plan is outdated, or cannot be read. */
  plan: 11,
  /** GitHub refused a comment. */
  github: 12,
  /** A program breaks a rule of the policy pack. */
  policy: 13,
  /** The disk is full, or has too little space for an update. */
  disk: 14,
  /** An existing key cannot be used: nothing was changed. */
  key: 16,
  /** A grant is in use by a feature group and was not revoked. */
  grantInUse: 17,
  /** A deletion of data was not confirmed: nothing was changed. */
  unconfirmed: 18,
  /** AWS Lake Formation governs the catalog, and permissions are missing. */
  lakeFormation: 19,
  /** The proof failed: an intended access does not work, or more is possible than intended. */
  proof: 20,
  /** The settings remove or retype a feature, which AWS does not support. */
  schema: 21,
  /** An existing role or bucket is missing or cannot be used: nothing was changed. */
  existing: 22,
  /** The command line is wrong. */
  usage: 64,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const;

export class UserError extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
    /** Advice, as one or more sentences. */
    readonly advice: string = "",
  ) {
    super(message);
    this.name = "UserError";
  }
}

/** A stage's engine run failed. `diagnostics` are the engine's own error messages, each with its resource. */
export class StageFailed extends UserError {
  constructor(
    readonly stage: string,
    readonly action: string,
    readonly diagnostics: readonly string[],
    exitCode: number = ExitCode.failed,
    advice = "",
    /** Creations that a provider began and did not report before it died. */
    readonly lost: readonly BegunCreation[] = [],
  ) {
    super(
      exitCode,
      [
        `stage ${stage}: ${action} failed`,
        ...diagnostics.map((line) => `  ${line.replace(/\n/g, "\n  ")}`),
      ].join("\n"),
      advice,
    );
    this.name = "StageFailed";
  }
}

/** A stage's program breaks rules of the policy pack. */
export class PolicyBroken extends UserError {
  constructor(
    readonly stage: string,
    action: string,
    readonly violations: readonly Violation[],
  ) {
    super(
      ExitCode.policy,
      [
        `stage ${stage}: ${action} failed: its program breaks rules of the policy pack`,
        ...violations.flatMap(({ rule, name, type, problem, advice }) => [
          `  ${rule}: ${type.split(":").at(-1) ?? type} ${name}: ${problem}`,
          `    ${advice}`,
        ]),
      ].join("\n"),
      "docs/policy-pack.md explains each rule.",
    );
    this.name = "PolicyBroken";
  }
}

/** The abort reason of the command line's signals, on which the engine is interrupted too, unless the terminal did that. */
export class Interruption extends Error {
  constructor(
    /** True if a terminal sent the signal: then it reached the engine too, which is in the same process group. */
    readonly fromTerminal: boolean,
  ) {
    super("the run was stopped");
    this.name = "AbortError";
  }
}

/** True for errors that carry an exit code and are shown without a stack (`UserError`, and those of other rooms). */
export function hasExitCode(error: unknown): error is Error & { exitCode: number; advice?: string } {
  return error instanceof Error && typeof (error as { exitCode?: unknown }).exitCode === "number";
}
