/** `pulumi up`: the stages of the environment folded into one stack. */
import * as pulumi from "@pulumi/pulumi";
import { Accounts } from "./components/accounts";
import { readSettings, SettingsError, type Settings } from "./components/settings";
import { fold, stages } from "./components/stages";

function settingsOrEnd(): Settings {
  try {
    return readSettings();
  } catch (error) {
    // Pulumi shows a RunError without a stack: the settings are wrong, not the program.
    if (error instanceof SettingsError) throw new pulumi.RunError(`${error.message}\n${error.advice}`);
    throw error;
  }
}

const settings = settingsOrEnd();

/** By stage: the outputs of its contract. */
module.exports = fold(stages(settings), { settings, accounts: new Accounts(settings) });
