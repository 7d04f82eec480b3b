// Deployments while AWS throttles, breaks and drops answers: the run that meets them, or the next one, converges; nothing
// is made twice, and nothing is left that no stack knows. FAULT_SEED plays another course. Which faults real AWS plays
// when is not proven here.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { FaultPlan } from "@feature-store-access/sandbox";
import { offlineStoreOnly, Project } from "./driverSupport";
import { ended, OFFLINE_STORE, TestBed } from "./support";

const seed = Number(process.env["FAULT_SEED"] ?? 20261123);

const PLANS: Record<string, FaultPlan["rules"]> = {
  throttles: [{ fault: "throttle", probability: 0.15, count: 60 }],
  "breaks inside": [{ fault: "serverError", probability: 0.1, count: 40 }],
  "drops requests before they are carried out": [{ fault: "dropBefore", probability: 0.1, count: 40 }],
  "carries out every creation, and loses the answer": [
    ...["CreateRole", "CreateKey", "CreateAlias", "CreateBucket", "CreateFeatureGroup"].map((operation) => ({
      operation,
      fault: "dropAfter" as const,
      nth: 1,
    })),
  ],
  "does not see new roles everywhere at once": [
    { operation: "CreateFeatureGroup", fault: "notYet", count: 2 },
    { operation: "PutBucketPolicy", fault: "notYet", count: 2 },
    { operation: "CreateKey", fault: "notYet", count: 2 },
  ],
  "does all of it": [
    { fault: "throttle", probability: 0.06, count: 30 },
    { fault: "serverError", probability: 0.05, count: 20 },
    { fault: "dropBefore", probability: 0.04, count: 20 },
    { operation: "Create*", fault: "dropAfter", probability: 0.4, count: 4 },
    { fault: "delay", milliseconds: 100, probability: 0.1, count: 20 },
  ],
};

describe(`a deployment while AWS is not well (FAULT_SEED=${seed})`, function () {
  this.timeout(180_000);

  for (const [what, rules] of Object.entries(PLANS))
    it(`converges where AWS ${what}`, async () => {
      const bed = await TestBed.start(undefined, { seed, rules });
      try {
        const project = new Project(bed, offlineStoreOnly);
        let runs = 0;
        let last;
        // The fault plan ends by its counts: a run that met too much of it is followed by one that meets less.
        do last = await project.run("up");
        while (last.code !== 0 && ++runs < 4);
        expect(last.code, last.stderr + last.stdout).to.equal(0);
        expect(bed.inventory()).to.deep.equal(OFFLINE_STORE);
        const { stages } = await project.json(0, "preview", "--refresh");
        expect(stages.flatMap(({ changes }) => changes)).to.deep.equal([]);

        const met = bed.sandbox.faults?.met ?? [];
        expect(met.length, "faults played").to.be.above(2);
        const counts = new Map<string, number>();
        for (const { kind } of met) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        console.log(
          `      ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")}; runs that failed: ${runs}`,
        );
      } finally {
        await bed.end();
      }
    });

  it("converges after the provider alone was killed", async function () {
    if (process.platform !== "linux") return this.skip();
    const bed = await TestBed.start();
    try {
      const project = new Project(bed, offlineStoreOnly);
      const run = bed.spawnDriver(["up"], { cwd: project.folder });
      const over = ended(run);
      let killed = 0;
      while (run.exitCode === null && killed === 0) {
        if (bed.inventory().roles > 0) killed = killProvider(bed.state);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const { code, stdout, stderr } = await over;
      expect(killed, "providers killed").to.be.above(0);
      if (code !== 0) expect(stdout + stderr).not.to.match(/^\s+at .*[:(]\d+/m);
      const again = await project.run("up");
      expect(again.code, again.stderr + again.stdout).to.equal(0);
      expect(bed.inventory()).to.deep.equal(OFFLINE_STORE);
    } finally {
      await bed.end();
    }
  });
});

/** Ends the providers that run from this sandbox's PULUMI_HOME. @returns how many */
function killProvider(state: string): number {
  const mine = readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(join("/proc", pid, "cmdline"), "utf8");
      return command.includes(state) && command.includes("resource-aws") && !command.startsWith("/bin/sh");
    } catch {
      return false;
    }
  });
  for (const pid of mine) process.kill(Number(pid), "SIGKILL");
  return mine.length;
}
