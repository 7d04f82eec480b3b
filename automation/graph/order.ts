/** The order of the graph of stages, from names and needs alone, without Pulumi. */

export interface GraphNode {
  readonly name: string;
  /** Names of the nodes that come before this one. */
  readonly needs: readonly string[];
}

export class GraphError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "GraphError";
  }
}

/**
 * The nodes in layers: each layer's nodes need only nodes of earlier layers, and keep the given order.
 * @throws GraphError for a duplicate name, a need that is not a node, or a cycle (shown as `a -> b -> a`)
 */
export function layers<T extends GraphNode>(nodes: readonly T[]): T[][] {
  const byName = indexByName(nodes);
  for (const node of nodes)
    for (const need of node.needs)
      if (!byName.has(need))
        throw new GraphError(`stage ${node.name} needs ${need}, which is not a stage of the graph`);

  const done = new Set<string>();
  const result: T[][] = [];
  let rest = [...nodes];
  while (rest.length > 0) {
    const layer = rest.filter((node) => node.needs.every((need) => done.has(need)));
    if (layer.length === 0)
      throw new GraphError(`the stages need each other in a cycle: ${nameCycle(rest, byName)}`);
    for (const node of layer) done.add(node.name);
    rest = rest.filter((node) => !done.has(node.name));
    result.push(layer);
  }
  return result;
}

/** The nodes, each after its needs; otherwise in the given order. @throws GraphError like `layers` */
export function inOrder<T extends GraphNode>(nodes: readonly T[]): T[] {
  return layers(nodes).flat();
}

/** The nodes, each before its needs: the order of destruction. @throws GraphError like `layers` */
export function inReverse<T extends GraphNode>(nodes: readonly T[]): T[] {
  return inOrder(nodes).reverse();
}

/** All nodes that need `name`, directly or through others, in order. @throws GraphError like `layers` */
export function dependentsOf<T extends GraphNode>(nodes: readonly T[], name: string): T[] {
  const touched = new Set([name]);
  return inOrder(nodes).filter((node) => {
    if (!node.needs.some((need) => touched.has(need))) return false;
    touched.add(node.name);
    return true;
  });
}

function indexByName<T extends GraphNode>(nodes: readonly T[]): Map<string, T> {
  const byName = new Map<string, T>();
  for (const node of nodes) {
    if (byName.has(node.name)) throw new GraphError(`two stages are named ${node.name}`);
    byName.set(node.name, node);
  }
  return byName;
}

/** Follows unmet needs from the first node until a node repeats. */
function nameCycle<T extends GraphNode>(left: readonly T[], byName: ReadonlyMap<string, T>): string {
  const unmet = new Set(left.map((node) => node.name));
  const path: string[] = [];
  let name = left[0]?.name;
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = byName.get(name)?.needs.find((need) => unmet.has(need));
  }
  if (name === undefined) return path.join(" -> ");
  return [...path.slice(path.indexOf(name)), name].join(" -> ");
}
