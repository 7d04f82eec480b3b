// The workflows as files: that they call what is there, with no more rights than they need. That GitHub runs them is not
// proven here.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";

const ROOT = join(__dirname, "..");
const FOLDER = join(ROOT, ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly permissions?: Record<string, string>;
  readonly steps: readonly Step[];
  readonly if?: string;
  readonly "timeout-minutes"?: number;
}
interface Workflow {
  readonly permissions?: Record<string, string>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Record<string, Job>;
}

const workflows = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file, parse(readFileSync(join(FOLDER, file), "utf8")) as Workflow]),
);
const jobs = Object.entries(workflows).flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => ({ id: `${file} ${name}`, job })),
);

describe("the workflows", () => {
  it("pin every action by its commit, and name its version", () => {
    for (const file of readdirSync(FOLDER))
      for (const line of readFileSync(join(FOLDER, file), "utf8")
        .split("\n")
        .filter((each) => each.includes("uses:")))
        expect(line, file).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("call npm scripts that are there", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const called = jobs.flatMap(({ job }) =>
      job.steps.flatMap(({ run = "" }) =>
        [...run.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name),
      ),
    );
    expect(called).to.include.members(["lint", "preview", "comment", "up", "verify"]);
    for (const name of called) expect(scripts).to.have.property(name ?? "");
  });

  it("put nothing of the event into a shell: texts of others come through the environment", () => {
    for (const { id, job } of jobs)
      for (const { run = "" } of job.steps) expect(run, id).not.to.contain("${{");
  });

  it("have rights by job only, and may write to pull requests only where the comment is posted", () => {
    for (const [file, { permissions }] of Object.entries(workflows))
      expect(permissions, file).to.deep.equal(file === "ci.yml" ? { contents: "read" } : {});
    const writing = jobs.filter(({ job }) => Object.values(job.permissions ?? {}).includes("write"));
    const rights = Object.fromEntries(writing.map(({ id, job }) => [id, job.permissions]));
    expect(rights).to.deep.equal({
      "preview.yml preview": { contents: "read", "id-token": "write" },
      "preview.yml comment": { contents: "read", "pull-requests": "write" },
      "deploy.yml deploy": { contents: "read", "id-token": "write" },
    });
    for (const { id, job } of jobs) expect(job["timeout-minutes"], id).to.be.a("number");
  });

  it("give pull requests from forks no credentials", () => {
    expect(workflows["preview.yml"]?.jobs["preview"]?.if).to.contain(
      "head.repo.full_name == github.repository",
    );
  });

  it("never cut off a deployment, and run one of an environment at a time", () => {
    const { concurrency } = workflows["deploy.yml"] ?? {};
    expect(concurrency?.["cancel-in-progress"]).to.equal(false);
    expect(concurrency?.group).to.contain("inputs.environment");
  });
});
