/** The AWS accounts that the project's environments name: those that its sandbox has to have. */
import { join } from "node:path";
import { toolingAccount } from "@feature-store-access/sandbox";
import { environmentsIn } from "../../automation/environment/project";
import { settingsFromFile, SettingsError } from "../../components/settings";

/** IDs of all accounts of all environments. An environment with wrong settings is left out: the command that needs it reports them. */
export function projectAccounts(directory: string = process.cwd()): string[] {
  const ids = environmentsIn(directory).flatMap((name) => {
    try {
      const { accounts } = settingsFromFile(join(directory, `Pulumi.${name}.yaml`));
      return Object.values(accounts).map(({ id }) => id);
    } catch (error) {
      if (error instanceof SettingsError) return [];
      throw error;
    }
  });
  return [...new Set(ids)].sort();
}

/** The option of the sandbox's command that adds these accounts. */
export function accountOptions(): string[] {
  // The sandbox refuses its own account here: it always has it.
  const ids = projectAccounts().filter((id) => id !== toolingAccount);
  return ids.length === 0 ? [] : ["--accounts", ids.join(",")];
}
