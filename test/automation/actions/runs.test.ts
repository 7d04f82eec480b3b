// A run as programs see it: a promise, and its progress to iterate over.
import { expect } from "chai";
import type { DriverProgress } from "../../../automation/model/reports";
import type { RunOptions } from "../../../automation/model/runOptions";
import { running } from "../../../automation/actions/runs";

const DEV: RunOptions = { env: "dev" };
const notice = (message: string): DriverProgress => ({ kind: "notice", message });
const told = async (events: AsyncIterable<DriverProgress>) => {
  const messages: string[] = [];
  for await (const event of events) if (event.kind === "notice") messages.push(event.message);
  return messages;
};

describe("a run that is under way", () => {
  it("gives its report to who awaits it, and all that happens to who iterates and to onProgress", async () => {
    const heard: DriverProgress[] = [];
    const run = running({ env: "dev", onProgress: (event) => heard.push(event) }, async ({ onProgress }) => {
      for (const word of ["one", "two", "three"]) {
        onProgress?.(notice(word));
        await new Promise(setImmediate);
      }
      return "report";
    });
    expect(await told(run.events)).to.deep.equal(["one", "two", "three"]);
    expect(await run).to.equal("report");
    expect(heard).to.have.length(3);
  });

  it("keeps what happened before anyone iterated", async () => {
    const run = running(DEV, ({ onProgress }) => {
      onProgress?.(notice("early"));
      return Promise.resolve(1);
    });
    await run;
    expect(await told(run.events)).to.deep.equal(["early"]);
  });

  it("ends the iteration where it fails, and throws to who awaits", async () => {
    const run = running(DEV, async ({ onProgress }) => {
      onProgress?.(notice("begun"));
      await new Promise(setImmediate);
      throw new Error("no settings");
    });
    expect(await told(run.events)).to.deep.equal(["begun"]);
    await new Promise(setImmediate);
    expect(await run.catch((error: unknown) => error)).to.have.property("message", "no settings");
  });
});
