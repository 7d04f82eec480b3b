// Parts of the graph by name. That what they need is deployed, the driver checks: driver.test.ts.
import { expect } from "chai";
import fc from "fast-check";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { neededOutside, needingInside, selected } from "../../../automation/graph/selection";
import { acyclicGraphs, ancestors } from "../graphs";

const graph = [
  { name: "store", needs: [] },
  { name: "consumer:a", needs: [], consumer: "a" },
  { name: "role:a", needs: ["store", "consumer:a"], consumer: "a" },
  { name: "consumer:b", needs: [], consumer: "b" },
  { name: "role:b", needs: ["store", "consumer:b"], consumer: "b" },
];
const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);

describe("a part of the graph", () => {
  it("is the whole, if nothing is said", () => {
    expect(names(selected(graph)).sort()).to.deep.equal(names(graph).sort());
    expect(names(selected(graph, { only: [], from: undefined }))).to.have.length(graph.length);
  });

  it("is what is named, what depends on it, or what is a consumer's; several are put together", () => {
    expect(names(selected(graph, { only: ["store"] }))).to.deep.equal(["store"]);
    expect(names(selected(graph, { from: ["store"] }))).to.deep.equal(["store", "role:a", "role:b"]);
    expect(names(selected(graph, { consumers: ["a"] }))).to.deep.equal(["consumer:a", "role:a"]);
    expect(names(selected(graph, { consumers: ["a"], only: ["store"] }))).to.deep.equal([
      "store",
      "consumer:a",
      "role:a",
    ]);
  });

  it("names what there is where a name is wrong", () => {
    for (const selection of [{ only: ["shop"] }, { from: ["shop"] }, { consumers: ["shop"] }]) {
      const error = catching(() => selected(graph, selection));
      expect(error).to.be.instanceOf(UserError).and.have.property("exitCode", ExitCode.usage);
      expect((error as UserError).advice).to.contain(selection.consumers ? "a, b" : "store, consumer:a");
    }
  });

  it("knows what it needs from outside, and what outside needs it (property)", () => {
    fc.assert(
      fc.property(
        acyclicGraphs().chain((nodes) =>
          fc.tuple(fc.constant(nodes), fc.subarray(names(nodes), { minLength: 1 })),
        ),
        ([nodes, only]) => {
          const chosen = selected(nodes, { only });
          expect(names(chosen).sort()).to.deep.equal([...only].sort());
          for (const { stage, neededBy } of neededOutside(nodes, chosen)) {
            expect(only).not.to.include(stage.name);
            for (const name of neededBy) expect(ancestors(nodes, name)).to.include(stage.name);
          }
          const from = names(selected(nodes, { from: only }));
          const dependent = nodes.filter(({ name }) => only.some((each) => ancestors(nodes, name).has(each)));
          expect([...from].sort()).to.deep.equal([...new Set([...only, ...names(dependent)])].sort());
          expect(needingInside(nodes, selected(nodes, { from: only }))).to.deep.equal([]);
        },
      ),
    );
  });
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
