/**
 * Errors that are the user's to mend: one message that says what is wrong, where, and what to do, and an exit
 * code that a script can use. Anything else that is thrown is a fault of the program and keeps its stack.
 */

import type { Violation } from "../../policy-pack/rules";
import type { BegunCreation } from "../stacks/events";

/** The exit codes of every command of this project (docs/automation.md has the table). */
export const ExitCode = {
  ok: 0,
  /** An update failed, or something unexpected happened. */
  failed: 1,
  /** `drift`: what AWS has is not what was deployed. */
  drift: 2,
  /** A setting is wrong: nothing was run. */
  settings: 3,
  /** There is no Pulumi engine, and none could be had. */
  engine: 4,
  /** An account cannot be entered: no credentials, a role that cannot be assumed, the wrong account. */
  credentials: 5,
  /** A stack is locked by another run. */
  locked: 6,
  /** What was asked would delete or replace protected data. */
  protectedData: 7,
  /** A check of the verification did not come out as expected. */
  verification: 8,
  /** What holds data would be replaced or deleted, and that was not allowed by name. */
  dataLoss: 10,
  /** A saved plan does not hold any more, or cannot be read. */
  plan: 11,
  /** GitHub did not take a comment. */
  github: 12,
  /** A program breaks a rule of the policy pack. */
  policy: 13,
  /** The disk is full, or has too little room for an update. */
  disk: 14,
  /** A key that the settings name will not do: nothing was done. */
  key: 16,
  /** A grant of a feature group that is in use was not revoked. */
  grantInUse: 17,
  /** Data was to be deleted, and nobody confirmed it: nothing was done. */
  unconfirmed: 18,
  /** AWS Lake Formation governs the catalog, and grants are missing. */
  lakeFormation: 19,
  /** The access proof failed: an intended access does not work, or more is possible than is meant. */
  proof: 20,
  /** A feature group's schema would change as AWS cannot change it: a feature removed or retyped. */
  schema: 21,
  /** A role or bucket that the settings name is not there, or will not do: nothing was done. */
  brought: 22,
  /** The command line is wrong. */
  usage: 64,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const;

export class UserError extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
    /** What to do about it, as one or more sentences. */
    readonly advice: string = "",
  ) {
    super(message);
    this.name = "UserError";
  }
}

/** A stage's engine run failed. `diagnostics` are the engine's own error messages, each with the resource it names. */
export class StageFailed extends UserError {
  constructor(
    readonly stage: string,
    readonly action: string,
    readonly diagnostics: readonly string[],
    exitCode: number = ExitCode.failed,
    advice = "",
    /** Creations that a provider began and was gone before it told their end. */
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

/** A stage's program declares what the rules of the policy pack forbid. */
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
      "docs/policy-pack.md says what each rule is for.",
    );
    this.name = "PolicyBroken";
  }
}

/** True for errors that carry an exit code and are shown without a stack (`UserError`, and those of other rooms). */
export function hasExitCode(error: unknown): error is Error & { exitCode: number; advice?: string } {
  return error instanceof Error && typeof (error as { exitCode?: unknown }).exitCode === "number";
}
