/** A command of the command line, and the context that it runs in. */
import { CommanderError, type Command } from "commander";
import { ExitCode } from "../model/errors";
import type { RunOptions } from "../model/runOptions";

export interface CommonFlags {
  readonly env: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface CommandContext {
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** Writes a line to standard error. */
  readonly say: (line: string) => void;
  /** Clears the progress lines from the terminal before a result or a question is written. */
  readonly endProgress: () => void;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Environment, progress and signals of a run of the driver. */
  readonly runOptions: (flags: CommonFlags) => RunOptions;
}

export interface CliCommand<F extends CommonFlags = CommonFlags> {
  /** One line, for the list of commands and its own help. */
  readonly summary: string;
  /** Example at the end of its help. */
  readonly example: string;
  /** Adds its options, except `--env`, which every command has. */
  describe(command: Command): Command;
  /** @returns the exit code; undefined means 0 */
  run(context: CommandContext, flags: F): Promise<number | void>;
}

/** @param command the parser's command of that name */
export function addCommand(
  command: Command,
  { summary, example, ...own }: CliCommand,
  context: CommandContext,
  ended: (exitCode: number) => void,
): void {
  own
    .describe(
      command.description(summary).option("--env <name>", "the environment: NAME of Pulumi.NAME.yaml", "dev"),
    )
    .addHelpText("after", `\nExample:\n  ${example}`)
    .action(async (flags: CommonFlags) => ended((await own.run(context, flags)) ?? ExitCode.ok));
}

/** Options of the commands that print a result after a run of the driver. */
export function withResult(command: Command): Command {
  return command.option("--json", "print the result as JSON").option("--quiet", "no progress");
}

/** Hides from the help an option that the command accepts from scripts and ignores. */
export function hidden(command: Command, option: string): Command {
  command.options.find(({ long }) => long === option)?.hideHelp();
  return command;
}

/** The result, as JSON with `--json`, otherwise as text. */
export function resultText(
  { json }: Pick<CommonFlags, "json">,
  result: object,
  lines: readonly string[],
): string {
  return json ? JSON.stringify(result, null, 2) : lines.join("\n");
}

/** Parses an option's value as a positive number, or a positive whole one. @throws CommanderError (usage) */
export function positive(option: string, whole = false): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (number > 0 && (!whole || Number.isInteger(number))) return number;
    const message = `${option} takes a positive ${whole ? "whole " : ""}number, not "${value}"`;
    throw new CommanderError(ExitCode.usage, "commander.invalidArgument", message);
  };
}
