/** The proof of an environment's access, and the comparison with another graph. */
import { existsSync } from "node:fs";
import { diffAccess, type AccessDiff, type AccessSide } from "../../access/diff";
import type { Finding } from "../../access/findings";
import { permissionsOf } from "../../access/permissions";
import type { Intent } from "../../access/intents/types";
import type { AccessModel } from "../../access/model";
import { modelOf } from "../../access/modelOf";
import type { Proof } from "../../access/prove";
import { findEngine } from "../engine";
import { loadEnvironment, type Environment } from "../environment/project";
import type { RunOptions } from "../model/runOptions";
import { deployedSettings } from "./deployedSettings";
import { PROGRAM_ROOT } from "./elsewhere";
import { intentsOf } from "./facts";
import { usedRoles } from "../topologies";
import { deployedSide, deployedStates, proofOf, refSide, resourcesIn, savedSide, type Side } from "./sides";

export interface ProveOptions extends Pick<RunOptions, "env" | "directory" | "onEngine" | "signal"> {
  /** The graph to prove: planned from the settings (the default), deployed in the stacks, or live in the accounts. */
  readonly of?: "planned" | "deployed" | "live";
  /** The graph to compare with: `deployed`, `live`, a file of `prove --save`, or a git ref. */
  readonly against?: string;
}

export interface AccessProof {
  readonly env: string;
  /** "the plan". */
  readonly subject: string;
  readonly side: Side;
  readonly proof: Proof;
  /** The findings that stop a deployment, and those that the settings ask for. */
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Present with `against`. */
  readonly diff?: AccessDiff & { readonly against: string };
}

/**
 * A plan needs no credentials and no engine.
 * @throws SettingsError; UserError (settings, usage, credentials)
 */
export async function proveAccess(options: ProveOptions): Promise<AccessProof> {
  const environment = loadEnvironment(options.env, options.directory);
  const side = await sideOf(options.of ?? "planned", environment, options);
  const proof = await proofOf(side);
  const diff =
    options.against === undefined
      ? undefined
      : await comparison(options.against, { proof, side }, environment, options);
  return {
    env: options.env,
    subject: side.name,
    side,
    proof,
    ...sorted(proof, side),
    ...(diff ? { diff } : {}),
  };
}

/** The engine, for backends that are not a folder. */
function engineOf({ signal, onEngine }: ProveOptions) {
  return async () => (await findEngine({ progress: onEngine, signal })).pulumiCommand();
}

/** The deployed graph in AWS's own names, with its intents, to try for real. */
export async function deployedAccess(
  options: ProveOptions,
): Promise<{ model: AccessModel; intents: Intent[] }> {
  const environment = loadEnvironment(options.env, options.directory);
  const { settings } = environment;
  const model = modelOf(
    resourcesIn(await deployedStates(environment, engineOf(options))),
    usedRoles(settings),
  );
  return { model, intents: intentsOf(settings, model) };
}

/** `policyMode: documented` asks for more than the intents; no setting asks for public or foreign access. */
function sorted({ findings }: Proof, { settings }: Side): Pick<AccessProof, "errors" | "warnings"> {
  const isWarning = ({ kind }: Finding) => kind === "excess" && settings.policyMode === "documented";
  return { errors: findings.filter((each) => !isWarning(each)), warnings: findings.filter(isWarning) };
}

async function sideOf(name: string, environment: Environment, options: ProveOptions): Promise<Side> {
  const { signal } = options;
  const command = engineOf(options);
  switch (name) {
    case "planned": {
      const { settings } = environment;
      // Pulumi takes half a second to load, and only a plan needs it.
      const { plannedResources } = await import("./planned.js");
      return {
        name: "the plan",
        settings,
        described: await plannedResources(settings, PROGRAM_ROOT, signal),
      };
    }
    case "deployed":
      return deployedSide(environment, command);
    case "live": {
      const states = await deployedStates(environment, command);
      const settings = deployedSettings(environment.settings, states);
      const { liveSide } = await import("./live.js");
      return { ...(await liveSide(environment, resourcesIn(states), signal)), settings };
    }
    default:
      return existsSync(name) ? savedSide(name) : refSide(environment, name, signal);
  }
}

async function comparison(
  against: string,
  { proof, side }: Pick<AccessProof, "proof" | "side">,
  environment: Environment,
  options: ProveOptions,
): Promise<AccessDiff & { readonly against: string }> {
  const before = await sideOf(against, environment, options);
  const old = await proofOf(before);
  return { ...diffAccess(comparable(old, before), comparable(proof, side)), against: before.name };
}

function comparable(proof: Proof, { settings }: Side): AccessSide {
  return {
    permissions: permissionsOf(proof.model, proof.catalog),
    intents: proof.intents,
    ceilings: proof.ceilings,
    isBroad: settings.policyMode === "documented",
  };
}
