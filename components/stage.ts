/** What a stage is: one account's side of the access. */
import type * as pulumi from "@pulumi/pulumi";
import type { Accounts } from "./accounts";
import type { AccountName, FeatureGroupSettings, Settings } from "./settings";

/** The outputs of the stages that a stage needs, by stage and name. */
export type StageInputs = Readonly<Record<string, Readonly<Record<string, pulumi.Output<unknown>>>>>;

export interface StageContext {
  readonly settings: Settings;
  readonly accounts: Accounts;
}

export interface Stage {
  /** `writer`, or with the consumer that it is of: `consumer:ml-team`. */
  readonly name: string;
  readonly account: AccountName;
  /** Names of the stages whose outputs the program is given. */
  readonly needs: readonly string[];
  /** The feature groups that the stage makes. */
  readonly featureGroups?: readonly FeatureGroupSettings[];
  /** The consumer that the stage is of. */
  readonly consumer?: string;
  /** Declares the stage's resources in the running stack, and returns the outputs of its contract. */
  program(context: StageContext, inputs: StageInputs): Record<string, pulumi.Output<unknown>>;
  /** The stage's outputs, as a stack gives them, in the form of its contract. @throws ContractError */
  decode(raw: unknown): Readonly<Record<string, unknown>>;
}
