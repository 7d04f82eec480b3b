// Waiting for a row that is on its way. That Athena finds it is shown by test/integration.
import { expect } from "chai";
import { untilFound, type QueryResult } from "../../../../automation/topologies/verification/athenaQuery";

const found = (rows: number): QueryResult => ({ location: "s3://results/1.csv", rows: Array(rows).fill([]) });

describe("a query for what was just written", () => {
  const asking = async (answers: readonly number[], end: number) => {
    let asked = 0;
    const result = await untilFound(() => Promise.resolve(found(answers[asked++] ?? 0)), end, 1);
    return { asked, rows: result.rows.length };
  };

  it("is asked again until it finds a row", async () => {
    expect(await asking([0, 0, 1], Date.now() + 5000)).to.deep.equal({ asked: 3, rows: 1 });
  });

  it("is asked once where there is no time to wait, and at its end tells that nothing was found", async () => {
    expect(await asking([1], 0)).to.deep.equal({ asked: 1, rows: 1 });
    expect(await asking([0], 0)).to.deep.equal({ asked: 1, rows: 0 });
    expect((await asking([], Date.now() + 20)).rows).to.equal(0);
  });

  it("passes on a refusal at once", async () => {
    const refused = () => Promise.reject(new Error("no"));
    const ended = await untilFound(refused, Date.now() + 5000, 1).catch((error: unknown) => error);
    expect(ended).to.have.property("message", "no");
  });
});
