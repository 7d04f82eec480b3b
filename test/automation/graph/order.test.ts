// The graph as data. Does not prove that the stages' needs are the right ones: test/components does.
import { expect } from "chai";
import fc from "fast-check";
import {
  dependentsOf,
  GraphError,
  inOrder,
  inReverse,
  layers,
  type GraphNode,
} from "../../../automation/graph/order";
import { acyclicGraphs } from "../graphs";

const node = (name: string, ...needs: string[]): GraphNode => ({ name, needs });
const names = (nodes: readonly GraphNode[]) => nodes.map(({ name }) => name);

describe("graph", () => {
  const diamond = [node("d", "b", "c"), node("b", "a"), node("c", "a"), node("a")];

  it("puts each node after what it needs, otherwise in the order given", () => {
    expect(layers(diamond).map(names)).to.deep.equal([["a"], ["b", "c"], ["d"]]);
    expect(names(inReverse(diamond))).to.deep.equal(["d", "c", "b", "a"]);
  });

  it("names a cycle as a -> b -> a", () => {
    const graph = [node("start"), node("a", "start", "c"), node("b", "a"), node("c", "b")];
    expect(() => layers(graph)).to.throw(GraphError, "a -> c -> b -> a");
    expect(() => layers([node("a", "a")])).to.throw(GraphError, "a -> a");
  });

  it("refuses a need that is no stage, and two stages of one name", () => {
    expect(() => layers([node("a", "x")])).to.throw(GraphError, "stage a needs x, which is not a stage");
    expect(() => layers([node("a"), node("a")])).to.throw(GraphError, "two stages are named a");
  });

  it("finds all that depends on a node, through others too", () => {
    expect(names(dependentsOf(diamond, "a"))).to.deep.equal(["b", "c", "d"]);
    expect(names(dependentsOf(diamond, "c"))).to.deep.equal(["d"]);
  });

  it("orders every acyclic graph so that all needs come first, and reverses it exactly (property)", () => {
    fc.assert(
      fc.property(acyclicGraphs(), (graph) => {
        const order = names(inOrder(graph));
        expect([...order].sort()).to.deep.equal(names(graph).sort());
        for (const { name, needs } of graph)
          for (const need of needs) expect(order.indexOf(need)).to.be.lessThan(order.indexOf(name));
        expect(names(inReverse(graph))).to.deep.equal([...order].reverse());
      }),
    );
  });

  it("finds the cycle that a back edge closes, whatever else is there (property)", () => {
    fc.assert(
      fc.property(acyclicGraphs(), (graph) => {
        const cyclic = [...graph, node("p", "q"), node("q", "p")];
        expect(() => inOrder(cyclic)).to.throw(GraphError, "p -> q -> p");
      }),
    );
  });
});
