/**
 * A stage: one account's side of the access, as typed data with a program. Its kind fixes its contract; its needs are
 * references to kinds; its program gets exactly these, as outputs, and returns exactly its contract.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Accounts } from "./accounts";
import { decodeContract, type Wired } from "./contract";
import {
  accountOf,
  type AccountName,
  type AccountSettings,
  type FeatureGroupSettings,
  type SharedSettings,
} from "./settings/types";
import type { WatchedThing } from "./watched";

/** The outputs of the stages that a stage needs, by stage and name. */
export type StageInputs = Readonly<Record<string, Readonly<Record<string, pulumi.Output<unknown>>>>>;

export interface StageContext {
  readonly settings: SharedSettings;
  readonly accounts: Accounts;
}

/** The arguments of a stage's program besides its needs. */
export interface ProgramContext {
  readonly settings: SharedSettings;
  /** The stage's account. */
  readonly place: AccountSettings;
  /** Options of its components: the account's provider, in the account's region unless another is named. */
  options(this: void, region?: string): { readonly providers: pulumi.ProviderResource[] };
}

/** The properties that all stages of a kind share. */
export interface Kind<C = unknown> {
  /** The form of the values that its stages give. */
  readonly contract: z.ZodType<C>;
  /** One stage per consumer or per account: `consumer:ml-team`, `profiles:A`. Left out: one stage, with the kind's name. */
  readonly per?: "consumer" | "account";
  /** True: its contract's `roleArn` is a role that others' policies and existing keys name. */
  readonly givesRole?: boolean;
  /** True: it makes the feature groups of a store. */
  readonly makesGroups?: boolean;
}

/** A value that a program reads from other stages: the names of these stages, and how to make the value from their outputs. */
export interface Need<T> {
  readonly stages: readonly string[];
  read(inputs: StageInputs): T;
}

/** A stage by its kind, and by its consumer or account if it has one: a need for its outputs. */
export interface Ref<C> extends Need<Wired<C>> {
  readonly name: string;
  readonly kind: Kind<C>;
  /** The consumer or account. */
  readonly of?: string;
}

export type Needs = Readonly<Record<string, Need<unknown>>>;
/** The values of needs, by their names. */
export type Given<N extends Needs> = { readonly [K in keyof N]: N[K] extends Need<infer T> ? T : never };

type Kinds = Readonly<Record<string, Kind<unknown>>>;
type ContractOf<K> = K extends Kind<infer C> ? C : never;
type Several<K extends Kinds> = {
  [N in keyof K]: K[N] extends { readonly per: string } ? N : never;
}[keyof K];

/** Makes references to these kinds: `ref("writer")`, `ref("consumer", "ml-team")`. */
export interface RefTo<K extends Kinds> {
  <N extends Exclude<keyof K, Several<K>>>(kind: N): Ref<ContractOf<K[N]>>;
  <N extends Several<K>>(kind: N, of: string): Ref<ContractOf<K[N]>>;
}

export function refTo<const K extends Kinds>(kinds: K): RefTo<K> {
  return (name: string, of?: string) => refOf(kinds, name, of) as Ref<never>;
}

function refOf(kinds: Kinds, kindName: string, of: string | undefined): Ref<unknown> {
  const kind = kinds[kindName];
  if (!kind) throw new Error(`there is no kind of stage ${kindName}`);
  const name = of === undefined ? kindName : `${kindName}:${of}`;
  return {
    name,
    kind,
    of,
    stages: [name],
    read(inputs) {
      const outputs = inputs[name];
      if (!outputs) throw new Error(`stage ${name} has no outputs yet`);
      // Each stage's program returns its contract, and another stack's outputs were decoded by it.
      return outputs;
    },
  };
}

/** The reference that a stage's name stands for, or undefined if these kinds have no such stage. */
export function parseStage(kinds: Kinds, name: string): Ref<unknown> | undefined {
  const [kindName = "", of, more] = name.split(":");
  const kind = Object.hasOwn(kinds, kindName) ? kinds[kindName] : undefined;
  if (!kind || more !== undefined || (kind.per === undefined) !== (of === undefined)) return undefined;
  return refOf(kinds, kindName, of);
}

/** Several needs as one. */
export function all<N extends Needs>(needs: N): Need<Given<N>> {
  const entries = Object.entries(needs);
  return {
    stages: [...new Set(entries.flatMap(([, { stages }]) => stages))],
    read: (inputs) =>
      Object.fromEntries(entries.map(([name, need]) => [name, need.read(inputs)])) as Given<N>,
  };
}

/** The same need of several things as one. */
export function each<T>(needs: readonly Need<T>[]): Need<readonly T[]> {
  return {
    stages: [...new Set(needs.flatMap(({ stages }) => stages))],
    read: (inputs) => needs.map((need) => need.read(inputs)),
  };
}

/** A need for the value that `change` makes from another need's value. */
export function mapped<T, U>(need: Need<T>, change: (value: T) => U): Need<U> {
  return { stages: need.stages, read: (inputs) => change(need.read(inputs)) };
}

/** A stage as the graph has it: its types are erased here, and checked by `defineStage`. */
export interface Stage {
  /** `writer`, or with its consumer or account: `consumer:ml-team`. */
  readonly name: string;
  readonly kind: Kind;
  readonly account: AccountName;
  /** Names of the stages whose outputs the program gets. */
  readonly needs: readonly string[];
  /** The feature groups that the stage makes. */
  readonly featureGroups?: readonly FeatureGroupSettings[];
  /** The consumer that the stage is for. */
  readonly consumer?: string;
  /** The things of the stage that monitoring watches; left out: none. */
  readonly watched?: Need<(settings: SharedSettings) => readonly WatchedThing[]>;
  /** Declares the stage's resources in the running stack, and returns the outputs of its contract. */
  program(context: StageContext, inputs: StageInputs): Record<string, pulumi.Output<unknown>>;
  /** The stage's outputs, as a stack gives them, in the form of its contract. @throws ContractError */
  decode(raw: unknown): Readonly<Record<string, unknown>>;
}

/** Makes values that the contract lacks a type error. */
type Exactly<R, C> = R & { readonly [K in Exclude<keyof R, keyof C>]: never };

export interface StageDefinition<C, R extends Wired<C>, N extends Needs> {
  readonly is: Ref<C>;
  readonly account: AccountName;
  readonly needs?: N;
  readonly featureGroups?: readonly FeatureGroupSettings[];
  /** The things that monitoring watches. @param place the stage's account */
  readonly watched?: (place: AccountSettings, outputs: Wired<C>) => readonly WatchedThing[];
  readonly program: (context: ProgramContext, given: Given<N>) => Exactly<R, C>;
}

export function defineStage<C, R extends Wired<C>, N extends Needs = Record<never, never>>(
  definition: StageDefinition<C, R, N>,
): Stage {
  const { is, account, featureGroups, watched, program } = definition;
  const needs = all(definition.needs ?? ({} as N));
  return {
    name: is.name,
    kind: is.kind,
    account,
    needs: needs.stages,
    featureGroups,
    consumer: is.kind.per === "consumer" ? is.of : undefined,
    watched: watched && mapped(is, (outputs) => (settings) => watched(accountOf(settings, account), outputs)),
    program({ settings, accounts }, inputs) {
      const given = needs.read(inputs);
      const options = (region?: string) => ({ providers: [accounts.provider(account, region)] });
      const context = { settings, place: accountOf(settings, account), options };
      return { ...program(context, given) };
    },
    decode: (raw) => decodeContract(is.name, is.kind.contract, raw) as Readonly<Record<string, unknown>>,
  };
}
