import * as actions from "../../actions/grants";
import { grantLines, grantsJson, revokedLine } from "../../report/grants";
import { grantsCode } from "../exitCodes";
import type { StoreGrants } from "../../actions/grants/readGrants";
import { ExitCode, UserError } from "../../model/errors";
import { resultText, withResult, type CliCommand, type CommonFlags } from "../command";

interface GrantsFlags extends CommonFlags {
  readonly group?: string;
  readonly revoke?: string;
  readonly breakStore?: boolean;
}

export const command: CliCommand<GrantsFlags> = {
  summary: "list Feature Store's grants on the stores' keys, by feature group, or revoke one",
  example: "npm run grants -- --env prod --group customers",
  describe: (command) =>
    withResult(command)
      .option("--group <name>", "only the grants of this feature group")
      .option("--revoke <grant id>", "revoke this grant, unless it is in use")
      .option(
        "--break-store",
        "with --revoke: revoke it even if it is in use, which breaks its online store",
      ),
  async run({ print, runOptions }, flags) {
    const { group, revoke: grantId, breakStore } = flags;
    if (grantId === undefined && breakStore)
      throw new UserError(ExitCode.usage, "--break-store needs --revoke", "Name the grant to revoke.");
    if (grantId !== undefined && group !== undefined)
      throw new UserError(ExitCode.usage, "--revoke takes no --group", "The grant's ID is enough.");
    const options = runOptions(flags);
    if (grantId !== undefined) {
      const revoked = await actions.revokeGrant({ ...options, grantId, breakStore });
      print(resultText(flags, { version: 1, revoked }, [revokedLine(revoked)]));
      return;
    }
    const all = await actions.grants(options);
    const stores = group === undefined ? all : ofGroup(all, group);
    print(resultText(flags, grantsJson(stores), grantLines(stores)));
    return grantsCode(stores);
  },
};

/** The grants of one feature group. @throws UserError (usage) for a name that is in neither settings nor grants */
export function ofGroup(stores: readonly StoreGrants[], name: string): StoreGrants[] {
  const isIt = (other: string | undefined) => other?.toLowerCase() === name.toLowerCase();
  const found = stores.map((store) => ({
    ...store,
    groups: store.groups.filter((group) => isIt(group.name)),
    grants: store.grants.filter(({ group }) => isIt(group)),
  }));
  if (found.some((store) => store.groups.length > 0 || store.grants.length > 0)) return found;
  const names = stores.flatMap((store) => [
    ...store.groups.map((group) => group.name),
    ...store.grants.flatMap(({ group }) => group ?? []),
  ]);
  throw new UserError(
    ExitCode.usage,
    `no feature group "${name}" is in the settings or named by a grant`,
    `There are: ${[...new Set(names)].join(", ") || "none"}.`,
  );
}
