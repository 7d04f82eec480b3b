// What the engine is told of Ctrl-C. That it then ends as it should is shown by test/integration/driverFaults.test.ts.
import { expect } from "chai";
import { engineSignal } from "../../../automation/stacks/engineSignal";
import { Interruption } from "../../../automation/model/errors";

/** How often the engine is sent SIGINT: the Automation API does so for each `abort` event. */
function counted(signal: AbortSignal) {
  const sent = { times: 0 };
  signal.addEventListener("abort", () => sent.times++);
  return sent;
}

describe("the engine's signal", () => {
  it("is sent once to stop, and once more to cancel", () => {
    const [stop, cancel] = [new AbortController(), new AbortController()];
    const sent = counted(engineSignal({ signal: stop.signal, cancel: cancel.signal }));
    stop.abort();
    expect(sent.times).to.equal(1);
    cancel.abort(new Interruption(false));
    expect(sent.times).to.equal(2);
  });

  it("is not sent where a terminal has sent it: a second one would cancel what the first one lets end", () => {
    const stop = new AbortController();
    const sent = counted(engineSignal({ signal: stop.signal }));
    stop.abort(new Interruption(true));
    expect(sent.times).to.equal(0);
  });

  it("reaches an engine that was still being started", () => {
    const stop = new AbortController();
    const signal = engineSignal({ signal: stop.signal });
    stop.abort();
    expect(counted(signal).times).to.equal(1);
  });

  it("begins no engine once the run is stopped", () => {
    expect(() => engineSignal({ signal: AbortSignal.abort() })).to.throw(Interruption);
    expect(counted(engineSignal({})).times).to.equal(0);
  });
});
