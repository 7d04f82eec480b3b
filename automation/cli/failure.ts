/** Reports the error of a failed command. */
import { CommanderError } from "commander";
import { ExitCode, hasExitCode } from "../model/errors";
import { DISK_FULL } from "../stacks/diskSpace";
import type { CommandContext } from "./command";

/** Reports the error: a user's error as its message, a bug with its stack. @returns the exit code */
export function failureCode(error: unknown, { say, signal }: Pick<CommandContext, "say" | "signal">): number {
  if (signal.aborted && error instanceof Error && error.name === "AbortError") return ExitCode.interrupted;
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (hasExitCode(error)) {
    say(error.message);
    if (error.advice) say(error.advice);
    return error.exitCode;
  }
  if (error instanceof Error && DISK_FULL.test(error.message)) {
    say(
      `${error.message}\nThe disk is full. Free some space and run the command again: it continues where it stopped.`,
    );
    return ExitCode.disk;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`This is a bug in the program. Please report it.\n${stack}`);
  return ExitCode.failed;
}
