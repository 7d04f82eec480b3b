/** Works on the nodes of a graph, several at once, each after its needs. Knows nothing about the work itself. */
import type { GraphNode } from "./order";

export interface WalkOptions {
  /** Number of nodes to work on at once; at least 1. */
  readonly parallel: number;
  /** True: after a failure, nodes that do not depend on it still run. False: no further node starts. */
  readonly keepGoing: boolean;
  /** Once aborted, no further node starts. */
  readonly signal?: AbortSignal;
}

/** The work on a node. A `failed` result stops the nodes after it. */
export interface Work<T, R> {
  run(node: T): Promise<R>;
  failed(result: R): boolean;
  /** The result for a node that is not run. */
  skip(node: T, reason: string): R;
  /** Receives each result as it arrives. */
  ended?(result: R): void;
}

/**
 * @param order the nodes, each after its needs among them
 * @returns the results in the given order. After a failure, running nodes finish.
 * @throws an error of `run`, after all running nodes have ended; `run` returns reportable failures as results
 */
export async function walk<T extends GraphNode, R>(
  order: readonly T[],
  work: Work<T, R>,
  options: WalkOptions,
): Promise<R[]> {
  const nodes = new Set(order.map(({ name }) => name));
  const results = new Map<string, R>();
  /** For each node that failed or needs a failed one: the names of the failed nodes. */
  const causes = new Map<string, readonly string[]>();
  const thrown: unknown[] = [];
  const running = new Map<string, Promise<void>>();
  const waiting = [...order];

  const end = (node: T, result: R) => {
    results.set(node.name, result);
    work.ended?.(result);
  };
  const begin = (node: T) => {
    const done = work.run(node).then(
      (result) => {
        if (work.failed(result)) causes.set(node.name, [node.name]);
        end(node, result);
      },
      (error: unknown) => void thrown.push(error),
    );
    running.set(
      node.name,
      done.finally(() => running.delete(node.name)),
    );
  };
  const halted = () =>
    thrown.length > 0 || options.signal?.aborted === true || (causes.size > 0 && !options.keepGoing);

  for (;;) {
    for (const node of [...waiting]) {
      const before = node.needs.filter((need) => nodes.has(need));
      const failures = [...new Set(before.flatMap((need) => causes.get(need) ?? []))];
      if (failures.length > 0) {
        causes.set(node.name, failures);
        waiting.splice(waiting.indexOf(node), 1);
        end(node, work.skip(node, `${failures.join(", ")} failed`));
      } else if (!halted() && running.size < options.parallel && before.every((need) => results.has(need))) {
        waiting.splice(waiting.indexOf(node), 1);
        begin(node);
      }
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (thrown.length > 0) throw thrown[0];
  const failed = order.filter(({ name }) => causes.get(name)?.includes(name)).map(({ name }) => name);
  const reason = options.signal?.aborted
    ? "the run was stopped"
    : `the run stopped because ${failed.join(", ")} failed`;
  for (const node of waiting) end(node, work.skip(node, reason));
  return order.map(({ name }) => results.get(name) as R);
}
