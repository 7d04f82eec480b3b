// SIGKILL in the middle of `up`, at the worst moment of each kind of resource: AWS has just made it, and the engine has
// not yet heard. The next run converges, and nothing is orphaned. Other moments are not tried one by one here.
import { expect } from "chai";
import { offlineStoreOnly, Project } from "./driverSupport";
import { ALL, ended, NOTHING, OFFLINE_STORE, TestBed, type Ended } from "./support";

type Kind = keyof typeof ALL;

/** One group and one consumer of a central store: for what the other topology does not have. */
const CENTRAL_STORE = {
  ...NOTHING,
  roles: 3,
  inlinePolicies: 3,
  keys: 2,
  aliases: 2,
  buckets: 2,
  featureGroups: 1,
  workgroups: 1,
};

function centralStoreOnly(config: Record<string, any>): void {
  delete config["offlineStore"];
  delete config["consumers"].recommendations;
  delete config["consumers"]["fraud-scoring"].access.shoppers;
  config["centralStore"].featureGroups.shift();
}

describe("a run that is killed", function () {
  this.timeout(180_000);
  const second: Record<string, Ended> = {};

  for (const { kind, whole, other } of [
    ...(Object.keys(ALL) as Kind[]).map((kind) => ({ kind, whole: true, other: OFFLINE_STORE[kind] === 0 })),
    { kind: "buckets" as const, whole: false, other: false },
  ])
    it(`${whole ? "with its engine" : "alone"}, as the first of the ${kind} is made: the next one converges`, async () => {
      const bed = await TestBed.start();
      try {
        const project = new Project(bed, other ? centralStoreOnly : offlineStoreOnly);
        await killOnceMade(bed, project.folder, kind, whole);
        const run = await project.run("up");
        second[`${kind} ${whole}`] = run;
        expect(run.code, run.stderr + run.stdout).to.equal(0);
        expect(bed.inventory()).to.deep.equal(other ? CENTRAL_STORE : OFFLINE_STORE);
        const { stages } = await project.json(0, "preview");
        expect(stages.flatMap(({ changes }) => changes)).to.deep.equal([]);
      } finally {
        await bed.end();
      }
    });

  it("was cut off in the middle of creations in at least three of these, and took them over", () => {
    const takenOver = Object.values(second).filter(({ stderr }) =>
      /[1-9]\d* found in the account and adopted/.test(stderr),
    );
    expect(takenOver).to.have.length.of.at.least(3);
  });
});

/** Kills the run as soon as AWS has one of the kind. */
async function killOnceMade(bed: TestBed, cwd: string, kind: Kind, whole: boolean): Promise<void> {
  const run = bed.spawnDriver(["up"], { cwd });
  const over = ended(run);
  const before = bed.inventory()[kind];
  while (run.exitCode === null && bed.inventory()[kind] === before)
    await new Promise((resolve) => setTimeout(resolve, 1));
  expect(run.exitCode, "the run ended before it made any").to.equal(null);
  if (run.pid !== undefined) process.kill(whole ? -run.pid : run.pid, "SIGKILL");
  await over;
}
