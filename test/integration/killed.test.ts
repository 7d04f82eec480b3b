// SIGKILL in the middle of `up`, of the driver alone and of all that it started: the next run converges, and nothing is
// orphaned. Kills at points that the engine reports; that every moment is as safe is not proven by these.
import { expect } from "chai";
import { ended, TestBed } from "./support";

const COMPLETE = { roles: 1, keys: 1, aliases: 1, buckets: 1, featureGroups: 2 };

describe("a run that is killed", function () {
  this.timeout(180_000);

  for (const whole of [false, true])
    for (const { stage, after: delay } of [
      { stage: "writer", after: 2200 },
      { stage: "offlineBucket", after: 2000 },
      { stage: "featureGroups", after: 2400 },
    ])
      it(`${whole ? "with its engine" : "alone"}, in ${stage}: the next one converges`, async () => {
        const bed = await TestBed.start();
        try {
          await killAt(bed, stage, delay, whole);
          const second = await bed.driver(["up"]);
          expect(second.code, second.stderr).to.equal(0);
          expect(bed.inventory()).to.deep.equal(COMPLETE);
          const third = await bed.driver(["preview", "--json"]);
          const { stages } = JSON.parse(third.stdout) as { stages: { changes: unknown[] }[] };
          expect(stages.flatMap(({ changes }) => changes)).to.deep.equal([]);
        } finally {
          await bed.end();
        }
      });
});

/** Kills the run so many milliseconds after it says that it begins the stage. */
async function killAt(bed: TestBed, stage: string, milliseconds: number, whole: boolean): Promise<void> {
  const run = bed.spawnDriver(["up"]);
  const over = ended(run);
  await new Promise<void>((resolve) => {
    run.stderr?.on("data", (data: Buffer) => data.toString().includes(`${stage} (account`) && resolve());
    run.once("close", () => resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  if (run.pid !== undefined && run.exitCode === null) process.kill(whole ? -run.pid : run.pid, "SIGKILL");
  await over;
}
