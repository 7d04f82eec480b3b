/** The graphs that can be proven and compared: planned, deployed, saved in a file, or planned by another version. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { Deployment } from "@pulumi/pulumi/automation";
import { z } from "zod";
import type { DescribedResource } from "../../access/model";
import { modelOf } from "../../access/modelOf";
import { prove, type Proof } from "../../access/prove";
import { QUOTAS } from "../../components/policies/quotas";
import type { Settings } from "../../components/settings";
import { stages } from "../../components/stages";
import type { EngineStacks } from "../stacks/engineStacks";
import { ExitCode, UserError } from "../model/errors";
import { loadEnvironment, type Environment } from "../environment/project";
import { stackNames } from "../stacks/stackNames";
import { describedIn, inSymbols } from "./deployed";
import { deployedSettings } from "./deployedSettings";
import { PROGRAM_ROOT, plannedElsewhere } from "./elsewhere";
import { intentsOf } from "./facts";
import { usedRoles } from "../topologies";

/** One graph: its resources, and the settings that they are judged by. */
export interface Side {
  /** "the plan", "the deployed stacks", "main". */
  readonly name: string;
  readonly settings: Settings;
  readonly described: readonly DescribedResource[];
}

export async function proofOf({ settings, described }: Side): Promise<Proof> {
  const model = modelOf(described, usedRoles(settings));
  const accounts = Object.values(settings.accounts).map(({ id }) => id);
  return prove({ model, intents: intentsOf(settings, model), accounts, quotas: QUOTAS });
}

/**
 * Every stage as in its stack; a stage that is not deployed has no resources.
 * @param command the engine, for a state that is not in a readable folder
 */
export async function deployedSide(environment: Environment, command: Command): Promise<Side> {
  const states = await deployedStates(environment, command);
  const described = inSymbols(resourcesIn(states));
  return { name: "the deployed stacks", settings: deployedSettings(environment.settings, states), described };
}

type Command = ConstructorParameters<typeof EngineStacks>[0]["command"];

/** States by stage, including removed stages. */
export async function deployedStates(
  environment: Environment,
  command: Command,
): Promise<ReadonlyMap<string, Deployment>> {
  // The engine's modules take a while to load, and a plan needs none of them.
  const [{ EngineStacks }, { removedStages }] = await Promise.all([
    import("../stacks/engineStacks.js"),
    import("../run/removed.js"),
  ]);
  const stacks = new EngineStacks({ environment, command });
  const removed = removedStages(environment, await stackNames(environment, command));
  const states = await Promise.all(
    [...stages(environment.settings), ...removed].map(async ({ name }) => {
      const state = await stacks.state({ name });
      return state ? [[name, state.deployment] as const] : [];
    }),
  );
  return new Map(states.flat());
}

/** In AWS's own names. */
export function resourcesIn(states: ReadonlyMap<string, Deployment>): DescribedResource[] {
  return [...states].flatMap(([stage, state]) => describedIn(stage, state));
}

const saved = z.object({
  version: z.literal(1),
  env: z.string(),
  settings: z.custom<Settings>((value) => typeof value === "object" && value !== null),
  described: z.array(z.custom<DescribedResource>((value) => typeof value === "object" && value !== null)),
});

/** The text that `prove --save` writes: a graph's resources and settings, without secrets. */
export function savedText(env: string, { settings, described }: Side): string {
  return JSON.stringify({ version: 1, env, settings, described }, null, 1);
}

/** @throws UserError (usage) for a file that `prove --save` did not write */
export function savedSide(file: string): Side {
  try {
    const { settings, described } = saved.parse(JSON.parse(readFileSync(file, "utf8")));
    return { name: file, settings, described };
  } catch (error) {
    const reason = error instanceof z.ZodError ? "it has another form" : (error as Error).message;
    throw new UserError(
      ExitCode.usage,
      `cannot read ${file}: ${reason}`,
      "Write one with: npm run prove -- --save FILE",
    );
  }
}

const run = promisify(execFile);

/**
 * The plan of a git ref's version: its settings, planned by its own program in a folder of its own.
 * @throws UserError (usage) for a ref that git does not know, or whose program is older than the proof
 */
export async function refSide(environment: Environment, ref: string, signal?: AbortSignal): Promise<Side> {
  const { directory, name } = environment;
  const git = (...args: string[]) => run("git", ["-C", directory, ...args], { signal });
  const usageError = (reason: string) =>
    new UserError(
      ExitCode.usage,
      reason,
      "--against takes deployed, a file of `prove --save`, or a git ref.",
    );
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`).catch(
    () => undefined,
  );
  if (!commit) throw usageError(`"${ref}" is neither a file nor a git ref here`);
  const { stdout: top } = await git("rev-parse", "--show-toplevel");
  const folder = await mkdtemp(join(tmpdir(), "feature-store-access-"));
  const tree = join(folder, "tree");
  try {
    await git("worktree", "add", "--detach", "--quiet", tree, commit.stdout.trim());
    const root = join(tree, relative(top.trim(), directory));
    if (!existsSync(join(root, "automation", "proof", "child.ts")))
      throw usageError(`the program of ${ref} cannot be proven: it is older than the access proof`);
    await linkPackages(root, folder);
    const { settings } = loadEnvironment(name, root);
    return { name: ref, settings, described: await plannedElsewhere(settings, { root, signal }) };
  } finally {
    await git("worktree", "remove", "--force", tree).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Links this program's libraries into the folder above the version, and the version's own packages into its modules. */
async function linkPackages(root: string, above: string): Promise<void> {
  await symlink(join(PROGRAM_ROOT, "node_modules"), join(above, "node_modules"));
  const scope = join(root, "node_modules", "@feature-store-access");
  // Older versions have no packages.
  const names = await readdir(join(root, "packages")).catch(() => []);
  await mkdir(scope, { recursive: true });
  for (const name of names) await symlink(join(root, "packages", name), join(scope, name));
}
