/** The AWS accounts that the project's environments name, which the project's sandbox needs. */
import { join } from "node:path";
import { toolingAccount } from "@feature-store-access/sandbox";
import { environmentsIn } from "../../automation/environment/project";
import { settingsFromFile, SettingsError } from "../../components/settings";

/** IDs of all accounts of all environments. Leaves out environments with validation errors, which the commands that use them report. */
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
  // The sandbox always has its own account, and refuses it here.
  const ids = projectAccounts().filter((id) => id !== toolingAccount);
  return ids.length === 0 ? [] : ["--accounts", ids.join(",")];
}
