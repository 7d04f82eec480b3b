/**
 * Queries that would never end: they are stopped whenever it is asked, and others go on.
 * Does not prove that a query cannot take much memory: DuckDB's limit does not hold for all that it keeps.
 */
import { StopQueryExecutionCommand } from "@aws-sdk/client-athena";
import { expect } from "chai";
import { AthenaTopology } from "./athenaTopology";

const endless = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b";

describe("Athena: limits", function () {
  this.timeout(30_000);
  const topology = new AthenaTopology();
  before(() => topology.start());
  after(() => topology.sandbox.close());

  const stop = (QueryExecutionId: string) =>
    topology.cross.athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  const stateOf = async (id: string) => (await topology.over(id)).Status?.State;

  it("stops a query at any moment of its life", async () => {
    for (const wait of [0, 5, 15, 40, 100]) {
      const id = await topology.begin(endless);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await stop(id);
      expect(await stateOf(id), `after ${wait} ms`).to.equal("CANCELLED");
    }
    // None of them still holds a place in the line.
    expect(await topology.rows("SELECT 1")).to.deep.equal([["_col0"], ["1"]]);
  });

  it("stops queries that wait for their turn", async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => topology.begin(endless)));
    for (const id of ids.reverse()) await stop(id);
    expect(await Promise.all(ids.map(stateOf))).to.deep.equal(ids.map(() => "CANCELLED"));
    expect(await topology.rows("SELECT 1")).to.deep.equal([["_col0"], ["1"]]);
  });

  it("ends a recursion without an end that keeps nothing, when it is stopped", async () => {
    const id = await topology.begin(
      "WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t",
    );
    expect(await topology.rows("SELECT count(*) FROM customers")).to.deep.equal([["_col0"], ["2"]]);
    await stop(id);
    expect(await stateOf(id)).to.equal("CANCELLED");
  });

  it("leaves what is over as it is", async () => {
    const id = await topology.begin("SELECT 1");
    expect(await stateOf(id)).to.equal("SUCCEEDED");
    await stop(id);
    expect(await stateOf(id)).to.equal("SUCCEEDED");
  });
});
