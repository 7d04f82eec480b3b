/** The confirmation of commands that may delete data: an option, or a question on the terminal. */
import type { Command } from "commander";
import { askForName, Unconfirmed } from "../actions/deletion/confirm";
import type { Confirmation } from "../model/runOptions";
import type { CommandContext, CommonFlags } from "./command";

export interface ConfirmationFlags extends CommonFlags {
  readonly confirm?: string;
}

export function withConfirmation(command: Command): Command {
  return command.option("--confirm <name>", "the environment's name, for runs without a terminal");
}

/** @param lines formats the list that is shown before the question */
export function confirmationOf<T>(
  context: CommandContext,
  { env, confirm }: ConfirmationFlags,
  lines: (list: readonly T[]) => string[],
): Confirmation<T> {
  const ask = (list: readonly T[]) => {
    context.endProgress();
    return askForName(env, lines(list), { signal: context.signal });
  };
  return confirm ?? ask;
}

/** Runs the command. With `--json`, prints an unconfirmed deletion with its list, for a script to check first. */
export async function printingUnconfirmed(
  context: CommandContext,
  { json }: CommonFlags,
  action: string,
  run: () => Promise<number | void>,
): Promise<number | void> {
  try {
    return await run();
  } catch (error) {
    if (!json || !(error instanceof Unconfirmed)) throw error;
    const { message, advice, list } = error;
    const refusal = { version: 1, action, ok: false, unconfirmed: list, error: message, advice };
    context.print(JSON.stringify(refusal, null, 2));
    return error.exitCode;
  }
}
