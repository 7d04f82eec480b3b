// Work over arbitrary graphs, in arbitrary interleavings. What the work is, other tests prove.
import { expect } from "chai";
import fc from "fast-check";
import { inOrder, type GraphNode } from "../../../automation/graph/order";
import { walk } from "../../../automation/graph/walk";
import { acyclicGraphs, ancestors } from "../graphs";

interface Result {
  readonly name: string;
  readonly status: "done" | "failed" | "skipped";
  readonly reason?: string;
}

/** Walks with work that takes as many turns of the event loop as each node is given; notes what ran when. */
async function walked(
  graph: readonly GraphNode[],
  turns: readonly number[],
  failing: ReadonlySet<string>,
  options: { parallel: number; keepGoing: boolean; signal?: AbortSignal },
  onBegin: (name: string) => void = () => undefined,
) {
  const log: string[] = [];
  let running = 0;
  let most = 0;
  const results = await walk<GraphNode, Result>(
    inOrder(graph),
    {
      async run({ name }) {
        log.push(`begin ${name}`);
        onBegin(name);
        most = Math.max(most, ++running);
        const wait = turns[Number(name.slice(1)) % turns.length] ?? 0;
        for (let turn = 0; turn < wait; turn++) await new Promise(setImmediate);
        running--;
        log.push(`end ${name}`);
        return { name, status: failing.has(name) ? "failed" : "done" };
      },
      failed: ({ status }) => status === "failed",
      skip: ({ name }, reason) => ({ name, status: "skipped", reason }),
    },
    options,
  );
  return { log, most, results, status: new Map(results.map(({ name, status }) => [name, status])) };
}

const turnCounts = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
const limits = fc.integer({ min: 1, max: 4 });

describe("a walk over the graph", () => {
  it("begins each node after its needs have ended, never more than the limit, and all of them (property)", () =>
    fc.assert(
      fc.asyncProperty(acyclicGraphs(), turnCounts, limits, async (graph, turns, parallel) => {
        const { log, most, results } = await walked(graph, turns, new Set(), { parallel, keepGoing: false });
        expect(most).to.be.at.most(parallel);
        expect(results.map(({ name }) => name)).to.deep.equal(inOrder(graph).map(({ name }) => name));
        for (const { name, needs } of graph)
          for (const need of needs)
            expect(log.indexOf(`end ${need}`)).to.be.within(0, log.indexOf(`begin ${name}`));
      }),
    ));

  it("lets no slot be idle while a node could run", async () => {
    const graph = ["n0", "n1", "n2", "n3"].map((name) => ({ name, needs: [] }));
    expect((await walked(graph, [3], new Set(), { parallel: 3, keepGoing: false })).most).to.equal(3);
  });

  it("skips just what stands behind a failure, and goes on with the rest where asked (property)", () =>
    fc.assert(
      fc.asyncProperty(
        acyclicGraphs().chain((graph) =>
          fc.tuple(fc.constant(graph), fc.subarray(graph.map(({ name }) => name))),
        ),
        turnCounts,
        limits,
        async ([graph, bad], turns, parallel) => {
          const failing = new Set(bad);
          const { status, results } = await walked(graph, turns, failing, { parallel, keepGoing: true });
          for (const { name } of graph) {
            const behind = [...ancestors(graph, name)].some((before) => failing.has(before));
            expect(status.get(name)).to.equal(behind ? "skipped" : failing.has(name) ? "failed" : "done");
          }
          for (const { status: each, reason = "", name } of results)
            if (each === "skipped") {
              const roots = reason.replace(" failed", "").split(", ");
              expect(roots.every((root) => ancestors(graph, name).has(root) && failing.has(root))).to.equal(
                true,
              );
            }
        },
      ),
    ));

  it("begins nothing new after a failure unless asked, and lets what runs finish (property)", () =>
    fc.assert(
      fc.asyncProperty(
        acyclicGraphs().chain((graph) =>
          fc.tuple(fc.constant(graph), fc.constantFrom(...graph.map(({ name }) => name))),
        ),
        turnCounts,
        limits,
        async ([graph, bad], turns, parallel) => {
          const run = await walked(graph, turns, new Set([bad]), { parallel, keepGoing: false });
          const failedAt = run.log.indexOf(`end ${bad}`);
          const begun = run.log.filter((line) => line.startsWith("begin ")).map((line) => line.slice(6));
          for (const name of begun) expect(run.log).to.include(`end ${name}`);
          // The failure is heard of a moment after it happens: what other work began in that moment counts as running.
          const later = run.log.slice(failedAt + 1).filter((line) => line.startsWith("begin "));
          expect(later).to.have.length.at.most(Math.max(parallel - 1, 0));
          for (const { name } of graph)
            expect(run.status.get(name) === "skipped").to.equal(!begun.includes(name));
        },
      ),
    ));

  it("begins nothing new once it is stopped, and says so", async () => {
    const stop = new AbortController();
    const graph = [
      { name: "n0", needs: [] },
      { name: "n1", needs: ["n0"] },
    ];
    const { results } = await walked(
      graph,
      [1],
      new Set(),
      { parallel: 2, keepGoing: true, signal: stop.signal },
      () => stop.abort(),
    );
    expect(results).to.deep.equal([
      { name: "n0", status: "done" },
      { name: "n1", status: "skipped", reason: "the run was stopped" },
    ]);
  });

  it("throws what the work throws, once all that runs has ended", async () => {
    const ended: string[] = [];
    const work = {
      async run({ name }: GraphNode) {
        if (name === "bad") throw new Error("a fault of the program");
        await new Promise(setImmediate);
        ended.push(name);
        return name;
      },
      failed: () => false,
      skip: () => "skipped",
    };
    const nodes = ["bad", "good", "next"].map((name) => ({ name, needs: [] }));
    const error = await walk(nodes, work, { parallel: 2, keepGoing: true }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.have.property("message", "a fault of the program");
    expect(ended).to.deep.equal(["good"]);
  });
});
