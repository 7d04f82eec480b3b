/** `npm run settings`: the settings as the program reads them. Validation itself is tested in test/components. */
import { Command } from "commander";
import { expect } from "chai";
import type { CommandContext } from "../../../automation/cli/command";
import { COMMANDS } from "../../../automation/cli/commands";
import { command as settings } from "../../../automation/cli/commands/settings";
import type { Settings } from "../../../components/settings";

describe("the command settings", () => {
  const printed = async (env: string) => {
    const lines: string[] = [];
    const context = { print: (text: string) => void lines.push(text) } as unknown as CommandContext;
    const code = await settings.run(context, { env });
    expect(code).to.equal(undefined);
    return JSON.parse(lines.join("\n")) as Settings;
  };

  it("prints validated settings with their defaults", async () => {
    const { policyMode, accounts, offlineStore } = await printed("dev");
    expect(policyMode).to.equal("leastPrivilege");
    expect(accounts.A).to.include({ id: "111111111111", partition: "aws" });
    expect(offlineStore?.keyDeletionWindowDays).to.equal(30);
  });

  it("fails for an environment that does not exist", async () => {
    const failure = await printed("nowhere").catch(String);
    expect(failure).to.match(/there is no environment "nowhere"/);
  });

  it("is in the list of commands", async () => {
    expect((await COMMANDS["settings"]?.())?.command).to.equal(settings);
    expect(settings.describe(new Command()).options).to.deep.equal([]);
  });
});
