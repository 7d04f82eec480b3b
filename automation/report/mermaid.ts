/** The graph as a Mermaid flowchart, which GitHub draws. Source: Mermaid, "Flowcharts - Basic Syntax". */
import { byAccount, COLOURS, type NodeView } from "./graphView";

export function mermaid(nodes: readonly NodeView[]): string {
  const ids = new Map(nodes.map(({ name }, index) => [name, `s${index}`]));
  const id = (name: string) => ids.get(name) ?? "";
  const groups = byAccount(nodes).map(([account, own], index) => [
    `  subgraph a${index}["account ${text(account)}"]`,
    ...own.map(
      ({ name, note }) => `    ${id(name)}["${text(name)}${note === undefined ? "" : `<br/>${text(note)}`}"]`,
    ),
    "  end",
  ]);
  const edges = nodes.flatMap(({ name, needs }) => needs.map((need) => `  ${id(need)} --> ${id(name)}`));
  const standings = [...new Set(nodes.map(({ standing }) => standing))];
  const classes = standings.flatMap((standing) => {
    const [fill, stroke] = COLOURS[standing];
    const members = nodes.filter((node) => node.standing === standing).map(({ name }) => id(name));
    return [
      `  classDef ${standing} fill:${fill},stroke:${stroke},color:#000000`,
      `  class ${members.join(",")} ${standing}`,
    ];
  });
  return ["flowchart LR", ...groups.flat(), ...edges, ...classes].join("\n");
}

/** Text for Mermaid's quotes: characters that end it or are markup become numeric entities. */
function text(value: string): string {
  return value.replace(/[^\w .,:()/-]/gu, (character) => `#${character.codePointAt(0)};`);
}
