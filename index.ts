/** `pulumi up`: the stages of the environment folded into one stack. */
import * as pulumi from "@pulumi/pulumi";
import { Accounts } from "./components/accounts";
import { readSettings, SettingsError, type Settings } from "./components/settings";
import { stages } from "./components/stages";

function settingsOrEnd(): Settings {
  try {
    return readSettings();
  } catch (error) {
    // A RunError is shown as its message alone: what is wrong is in the settings, not in the program.
    if (error instanceof SettingsError) throw new pulumi.RunError(`${error.message}\n${error.advice}`);
    throw error;
  }
}

const settings = settingsOrEnd();
const accounts = new Accounts(settings);
const given: Record<string, Record<string, pulumi.Output<unknown>>> = {};
for (const stage of stages(settings)) given[stage.name] = stage.program({ settings, accounts }, given);

/** By stage: the outputs of its contract. */
module.exports = given;
