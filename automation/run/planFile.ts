/**
 * A saved preview that limits an update to its changes: the engine's plan of every stage (Pulumi's update plans), with the
 * basis that it was made from. It holds properties of resources; secrets in it are encrypted as in the state.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Stage } from "../../components/stages";
import { ExitCode, UserError } from "../model/errors";
import type { GraphReport, StageReport } from "../model/reports";
import { hashOf } from "../environment/hashes";
import type { StageWires } from "../model/wires";
import { holdsUnknown } from "../graph/wiring";
import { inTemporaryFolder } from "../environment/files";

/** The basis of a stage's plan, each part as a hash; `state` is undefined if the stage is not deployed. */
export interface PlanBasis {
  readonly program: string | undefined;
  readonly settings: string;
  readonly state: string | undefined;
}

const basis = z.object({ program: z.string(), settings: z.string(), state: z.string().optional() });

const planSchema = z.object({
  version: z.literal(1),
  environment: z.string(),
  created: z.string(),
  refresh: z.boolean(),
  allowReplace: z.array(z.string()),
  stages: z.array(
    z.object({
      stage: z.string(),
      basis,
      /** Hash of its inputs; absent if only the update knows them. */
      inputs: z.string().optional(),
      /** The engine's plan; absent for an unchanged stage. */
      plan: z.unknown().optional(),
    }),
  ),
  /** Removed stages, which the update destroys. */
  departed: z.array(z.object({ stage: z.string(), basis })).default([]),
});

export type SavedPlan = z.infer<typeof planSchema>;

/** The plans of a run over the graph. */
export interface StagePlans {
  /** Absolute path of the engine's plan of the stage. @throws UserError (plan) if the plan has other inputs */
  path(stage: Stage, inputs: StageWires): string;
}

/** Runs `preview` with plans, and saves them in one file, unless the preview fails. */
export async function savingPlan(
  file: string,
  facts: Pick<SavedPlan, "environment" | "refresh" | "allowReplace">,
  basisOf: (stage: string) => Promise<PlanBasis>,
  preview: (plans: StagePlans) => Promise<GraphReport>,
): Promise<GraphReport> {
  return inTemporaryFolder(async (folder) => {
    const made = new Map<string, { path: string; inputs: StageWires }>();
    const report = await preview({
      path({ name }, inputs) {
        const path = join(folder, `${made.size}.json`);
        made.set(name, { path, inputs });
        return path;
      },
    });
    if (!report.ok) return report;
    const based = async ({ stage }: StageReport) => {
      const { program, settings, state } = await basisOf(stage);
      if (program === undefined)
        throw new UserError(
          ExitCode.plan,
          "no plan was saved, because the version of the program is unknown",
          "A plan needs package-lock.json beside the program.",
        );
      return { stage, basis: { program, settings, state } };
    };
    const planned = async (of: StageReport) => {
      const { path, inputs } = made.get(of.stage) ?? {};
      return {
        ...(await based(of)),
        inputs: inputs && inputsHash(inputs),
        plan: path === undefined ? undefined : (JSON.parse(await readFile(path, "utf8")) as unknown),
      };
    };
    const stages = await Promise.all(report.stages.filter((each) => !each.departed).map(planned));
    const departed = await Promise.all(report.stages.filter((each) => each.departed).map(based));
    const plan: SavedPlan = { version: 1, created: new Date().toISOString(), ...facts, stages, departed };
    await writeFile(resolve(file), `${JSON.stringify(plan, null, 1)}\n`, { mode: 0o600 });
    return report;
  });
}

/** @throws UserError (plan) if the file cannot be read, or belongs to another environment */
export async function readPlan(file: string, environment: string): Promise<SavedPlan> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(resolve(file), "utf8"));
  } catch (error) {
    throw unusable(file, `cannot be read: ${(error as Error).message}`);
  }
  const parsed = planSchema.safeParse(content);
  if (!parsed.success) throw unusable(file, "is not what `preview --plan` writes");
  if (parsed.data.environment !== environment)
    throw unusable(file, `is for environment ${parsed.data.environment}, not ${environment}`);
  return parsed.data;
}

/**
 * Runs `up` with the plan.
 * @throws UserError (plan), before anything is touched, if a program, settings or a state differs from the plan's basis
 */
export async function holdingToPlan(
  file: string,
  plan: SavedPlan,
  basisOf: (stage: string) => Promise<PlanBasis>,
  up: (plans: StagePlans) => Promise<GraphReport>,
): Promise<GraphReport> {
  const differences: string[] = [];
  for (const { stage, basis } of [...plan.stages, ...plan.departed]) {
    const now = await basisOf(stage);
    for (const part of ["program", "settings", "state"] as const)
      if (now[part] !== basis[part])
        differences.push(
          `${stage}: its ${part} ${part === "settings" ? "have" : "has"} changed since the plan was made`,
        );
  }
  if (differences.length > 0) throw unusable(file, ["is outdated:", ...differences].join("\n  "));
  return inTemporaryFolder(async (folder) => {
    const paths = new Map<string, string>();
    for (const [at, { stage, plan: engine }] of plan.stages.entries()) {
      if (engine === undefined) continue;
      paths.set(stage, join(folder, `${at}.json`));
      await writeFile(join(folder, `${at}.json`), JSON.stringify(engine), { mode: 0o600 });
    }
    return up({
      path({ name }, inputs) {
        const path = paths.get(name);
        if (path === undefined)
          throw unusable(file, `leaves ${name} unchanged, but now the stage would be run`);
        const planned = plan.stages.find(({ stage }) => stage === name)?.inputs;
        if (planned !== undefined && planned !== inputsHash(inputs))
          throw unusable(file, `is outdated for ${name}: the stages that it needs have other outputs`);
        return path;
      },
    });
  });
}

/** Undefined if a part is unknown or secret. */
function inputsHash(inputs: StageWires): string | undefined {
  const values = Object.values(inputs).flatMap((outputs) => Object.values(outputs));
  return values.some(({ value, secret }) => secret || holdsUnknown(value)) ? undefined : hashOf(inputs);
}

function unusable(file: string, what: string): UserError {
  return new UserError(
    ExitCode.plan,
    `the plan ${file} ${what}`,
    "Make a new plan: npm run preview -- --plan FILE",
  );
}
