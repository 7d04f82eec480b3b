/** `npm run destroy` and `npm run leftovers`: the commands that may delete data, and their way of asking. */
import type { Command } from "commander";
import type { Flags } from "./commandOptions";
import { askForName, Unconfirmed } from "../actions/deletion/confirm";
import type { Doomed } from "../model/data";
import { doomedLines } from "../actions/deletion/text";
import { ExitCode } from "../model/errors";
import type { DestroyOptions, RunOptions } from "../model/runOptions";
import type { Leftover } from "../actions/leftovers/types";

export interface DeletionFlags {
  env: string;
  json?: boolean;
  deleteData?: boolean;
  keepData?: boolean;
  purge?: boolean;
  confirm?: string;
}

/** What `--delete-data`, `--keep-data` and `--confirm` say. @param quiet ends what moves on the terminal, before it is asked there */
export function deletionOf(
  { env, deleteData, keepData, confirm }: DeletionFlags,
  quiet: () => void,
  signal: AbortSignal,
): Pick<DestroyOptions, "deleteData" | "keepData" | "confirm"> {
  const ask = (list: readonly Doomed[]) => {
    quiet();
    return askForName(env, doomedLines(list), { signal });
  };
  return { deleteData, keepData, confirm: confirm ?? ask };
}

/** A refusal for want of the environment's name, as JSON: with the list that a script may look at first. */
export function unconfirmedJson(action: string, error: Unconfirmed): string {
  const { message, advice, list } = error;
  const refusal = { version: 1, action, ok: false, unconfirmed: list, error: message, advice };
  return JSON.stringify(refusal, null, 2);
}

/** @param end told the exit code */
export function leftoversCommand(
  command: Command,
  options: (flags: Flags) => RunOptions,
  print: (text: string) => void,
  quiet: () => void,
  signal: AbortSignal,
  end: (code: number) => void,
): void {
  command
    .option(
      "--purge",
      "delete what the environment made of it: lists it, and asks for the environment's name",
    )
    .option("--confirm <name>", "the environment's name, where there is no terminal to ask for it")
    .action(async (flags: Flags & DeletionFlags) => {
      const { leftoverLines, leftovers } = await import("../actions/leftovers/leftovers.js");
      const ask = (list: readonly Leftover[]) => {
        quiet();
        return askForName(flags.env, leftoverLines(list), { signal });
      };
      try {
        const { leftovers: left, purged } = await leftovers({
          ...options(flags),
          purge: flags.purge ?? false,
          confirm: flags.confirm ?? ask,
        });
        const none = left.length === 0 ? ["nothing is left"] : leftoverLines(left);
        const json = { version: 1, action: "leftovers", ok: true, purged, leftovers: left };
        print(flags.json ? JSON.stringify(json, null, 2) : none.join("\n"));
      } catch (error) {
        if (!flags.json || !(error instanceof Unconfirmed)) throw error;
        print(unconfirmedJson("leftovers", error));
        end(ExitCode.unconfirmed);
      }
    });
}
