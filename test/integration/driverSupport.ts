/** What the driver's integration tests share: a project with settings of their own, and the driver's reports as JSON. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { expect } from "chai";
import { verifyReportSchema } from "../automation/report/schemas/verify";
import { driftReportSchema } from "../automation/report/schemas/drift";
import { graphReportSchema } from "../automation/report/schemas/graph";
import { driverInProcess } from "./inProcess";
import { projectCopy, type Ended, type TestBed } from "./support";

export interface ChangeJson {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface StageJson {
  readonly stage: string;
  readonly account: string;
  readonly status: string;
  readonly notRun?: string;
  readonly changes: readonly ChangeJson[];
  readonly outputs: Record<string, { value?: unknown; unknown?: boolean }>;
  readonly reason?: string;
  readonly error?: string;
}

/** By command: the published form of its JSON (docs/schemas). */
const FORMS: Readonly<Record<string, { parse(report: unknown): unknown }>> = {
  preview: graphReportSchema,
  up: graphReportSchema,
  destroy: graphReportSchema,
  drift: driftReportSchema,
  verify: verifyReportSchema,
};

type Config = Record<string, any>;

/** A project that a test may change. `settings` changes the settings of its environment `dev`, by name without namespace. */
export class Project {
  readonly folder = projectCopy();

  constructor(
    private readonly bed: TestBed,
    change: (config: Config) => void = () => undefined,
  ) {
    this.settings(change);
  }

  settings(change: (config: Config) => void): void {
    const file = join(this.folder, "Pulumi.dev.yaml");
    const content = parse(readFileSync(file, "utf8")) as { config: Config };
    const prefix = "feature-store-access:";
    const entries = Object.entries(content.config);
    const own = Object.fromEntries(
      entries
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => [key.slice(prefix.length), value]),
    );
    change(own);
    const rest = entries.filter(([key]) => !key.startsWith(prefix));
    content.config = Object.fromEntries([
      ...rest,
      ...Object.entries(own).map(([key, value]) => [prefix + key, value]),
    ]);
    writeFileSync(file, stringify(content));
  }

  run(...args: string[]): Promise<Ended> {
    return driverInProcess(args, { env: this.bed.env, cwd: this.folder });
  }

  /** The command's report, which ended with the exit code. */
  async json<T = { ok: boolean; stages: StageJson[] }>(exitCode: number, ...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, "--json");
    expect(code, stderr + stdout).to.equal(exitCode);
    const report: unknown = JSON.parse(stdout);
    const form = FORMS[args[0] ?? ""];
    // What waits for a word of the user's is no report yet.
    if (form && !("unconfirmed" in (report as object)))
      expect(form.parse(report), "fields that the published form does not have").to.deep.equal(report);
    return report as T;
  }
}

/** The topology offline-store alone: three stages, a chain. */
export function offlineStoreOnly(config: Config): void {
  delete config["centralStore"];
  delete config["consumers"];
}

/** What a report says of each resource, without the suffixes that are made up for each deployment. */
export function steps({ stages }: { stages: readonly StageJson[] }): Record<string, string[]> {
  return Object.fromEntries(
    stages.map(({ stage, changes }) => [stage, changes.map(({ op, urn }) => `${op} ${urn}`).sort()]),
  );
}
