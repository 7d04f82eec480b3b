/** The AWS accounts that the project's environments name: those that its sandbox has to have. */
import { join } from "node:path";
import { environmentsIn } from "../../automation/environment/project";
import { toolingAccount } from "../../packages/sandbox/identity/accounts";
import { settingsFromFile, SettingsError } from "../../components/settings";

/** IDs of all accounts of all environments; one with wrong settings is left out, as the command that needs it says so. */
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

/** The option of `sandbox/main.ts` that gives it these accounts. */
export function accountOptions(): string[] {
  // The sandbox's own account is there already, and may not be given.
  const ids = projectAccounts().filter((id) => id !== toolingAccount);
  return ids.length === 0 ? [] : ["--accounts", ids.join(",")];
}
