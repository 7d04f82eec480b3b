/** `npm run grants`. */
import type { Command } from "commander";
import { ExitCode, UserError } from "../model/errors";
import type { RunOptions } from "../model/runOptions";
import type { JudgedGrant } from "../actions/grants/grants";
import { grantLines, grantsCode, grantsJson, ofGroup } from "../report/grants";

interface GrantsFlags {
  readonly env: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly group?: string;
  readonly revoke?: string;
  readonly breakStore?: boolean;
}

/**
 * Adds the command's options and action.
 * @param runOptions what the flags that all commands have mean
 * @param ended told the exit code
 */
export function grantsCommand(
  command: Command,
  runOptions: (flags: Pick<GrantsFlags, "env" | "json" | "quiet">) => RunOptions,
  print: (text: string) => void,
  ended: (exitCode: number) => void,
): void {
  command
    .option("--group <name>", "what concerns this feature group only")
    .option("--revoke <grant id>", "end this grant; one that is in use is refused")
    .option("--break-store", "with --revoke: also one that is in use, though its online store breaks")
    .action(async (flags: GrantsFlags) => {
      const options = runOptions({ env: flags.env, json: flags.json, quiet: flags.quiet });
      const { grants, revokeGrant } = await import("../actions/grants/index.js");
      if (flags.revoke === undefined) {
        if (flags.breakStore)
          throw new UserError(ExitCode.usage, "--break-store goes with --revoke", "Name the grant to end.");
        const all = await grants(options);
        const stores = flags.group === undefined ? all : ofGroup(all, flags.group);
        print(flags.json ? JSON.stringify(grantsJson(stores), null, 2) : grantLines(stores).join("\n"));
        ended(grantsCode(stores));
        return;
      }
      if (flags.group !== undefined)
        throw new UserError(ExitCode.usage, "--group is not for --revoke", "A grant's ID names it alone.");
      const revoked = await revokeGrant({ ...options, grantId: flags.revoke, breakStore: flags.breakStore });
      print(flags.json ? JSON.stringify({ version: 1, revoked }, null, 2) : revokedLine(revoked));
    });
}

function revokedLine({ id, key, state, group }: JudgedGrant): string {
  const whose =
    state === "orphan"
      ? "an orphan"
      : group === undefined
        ? "of no named group"
        : `of ${group}, which is broken now`;
  return `revoked grant ${id} on ${key}: ${whose}`;
}
