/** The graph in DOT, for Graphviz. Source: Graphviz, "DOT Language". */
import { byAccount, COLOURS, type NodeView } from "./graphView";

export function dot(nodes: readonly NodeView[]): string {
  const groups = byAccount(nodes).map(([account, own], index) => [
    `  subgraph cluster_${index} {`,
    `    label = ${quoted(`account ${account}`)};`,
    ...own.map(({ name, note, standing }) => {
      const [fill, stroke] = COLOURS[standing];
      const label = quoted(note === undefined ? name : `${name}\n${note}`);
      return `    ${quoted(name)} [label = ${label}, fillcolor = "${fill}", color = "${stroke}"];`;
    }),
    "  }",
  ]);
  const edges = nodes.flatMap(({ name, needs }) =>
    needs.map((need) => `  ${quoted(need)} -> ${quoted(name)};`),
  );
  return [
    "digraph stages {",
    "  rankdir = LR;",
    `  node [shape = box, style = "rounded,filled", fontname = "sans-serif"];`,
    ...groups.flat(),
    ...edges,
    "}",
  ].join("\n");
}

/** A quoted ID: only quotes and backslashes need escapes, and a line break is written `\n`. */
function quoted(value: string): string {
  return `"${value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
}
