// A plan runs in a runtime of its own, in a process where Pulumi does other things too. That an engine's programs run
// beside it is proven by test/integration.
import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { plannedResources } from "../../../automation/proof/planned";
import { parseSettings } from "../../../components/settings";
import { devSettings } from "../../components/support";
import { planned } from "./plan";

describe("proof: the plan", () => {
  it("is the same, made alone or beside another", async () => {
    const other = (raw: Record<string, unknown>) => (raw["monitoring"] = undefined);
    const [alone, alsoAlone] = [await planned(), await planned(other)];
    const beside = await Promise.all([planned(), planned(other), planned()]);
    expect(beside.map(({ described }) => described)).to.deep.equal(
      [alone, alsoAlone, alone].map(({ described }) => described),
    );
    expect(alone.described.length).to.be.greaterThan(20);
  });

  it("leaves the runtime that it was asked from as it was", async () => {
    const made: string[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => {
        made.push(name);
        return { id: name, state: inputs as object };
      },
      call: () => ({}),
    });
    await planned();
    expect(made).to.deep.equal([]);
    class Thing extends pulumi.CustomResource {
      constructor(name: string) {
        super("test:index:Thing", name);
      }
    }
    const id = await new Promise((resolve) => new Thing("own").id.apply(resolve));
    expect([id, made]).to.deep.equal(["own", ["own"]]);
  });

  it("stops for a signal", async () => {
    const reason = new UserError(ExitCode.interrupted, "stopped");
    const settings = parseSettings(devSettings());
    const outcome = await plannedResources(settings, "/", AbortSignal.abort(reason)).catch((e: unknown) => e);
    expect(outcome).to.equal(reason);
  });
});
