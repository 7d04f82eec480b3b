/** Arbitrary graphs for properties. */
import fc from "fast-check";
import type { GraphNode } from "../../automation/graph/order";

/** Graphs whose nodes `n0`, `n1`, ... need only nodes of a smaller number, in that order. */
export function orderedGraphs(maximum = 12): fc.Arbitrary<GraphNode[]> {
  return fc
    .integer({ min: 1, max: maximum })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, i) =>
          fc
            .subarray(Array.from({ length: i }, (__, j) => `n${j}`))
            .map((needs) => ({ name: `n${i}`, needs })),
        ),
      ),
    );
}

/** The same in any order. */
export function acyclicGraphs(maximum = 12): fc.Arbitrary<GraphNode[]> {
  return orderedGraphs(maximum).chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }));
}

/** Names of all that the node needs, directly or through others. */
export function ancestors(graph: readonly GraphNode[], name: string): Set<string> {
  const needs = graph.find((node) => node.name === name)?.needs ?? [];
  return new Set(needs.flatMap((need) => [need, ...ancestors(graph, need)]));
}
