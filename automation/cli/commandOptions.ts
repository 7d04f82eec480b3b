/** The options of the driver's commands, and what they come to. */
import { CommanderError, Option, type Command } from "commander";
import { DEFAULT_PARALLEL } from "../model/driverOptions";
import { ExitCode } from "../model/errors";
import { progressLine } from "../report/terminal";
import type { DeployOptions } from "../model/runOptions";

export interface Flags {
  env: string;
  json?: boolean;
  quiet?: boolean;
  parallel?: number;
  only?: string[];
  from?: string[];
  consumer?: string[];
  refresh?: boolean;
  allowReplace?: string[];
  keepGoing?: boolean;
  plan?: string;
  /** False with `--no-proof`. */
  proof?: boolean;
  markdown?: string;
}

type GraphCommand = "preview" | "up" | "drift" | "destroy";

/** Gives the command the options that it has as one over the graph. */
export function addGraphOptions(command: Command, name: GraphCommand): Command {
  command
    .option("--parallel <number>", "how many stages at once", positive("--parallel", true), DEFAULT_PARALLEL)
    .option("--only <stage>", "this stage (repeatable)", collected)
    .option("--from <stage>", "this stage and all that depend on it (repeatable)", collected)
    .option("--consumer <name>", "the stages of this consumer (repeatable)", collected);
  if (name === "preview" || name === "up")
    command
      .option("--refresh", "read first what AWS has, in every stage")
      .option(
        "--allow-replace <name>",
        "what holds data and may be replaced or deleted: URN, logical name or AWS ID (repeatable)",
        collected,
      );
  if (name === "preview")
    command
      .option("--plan <file>", "save what is previewed, for `up --plan`")
      .option("--markdown <file>", "write the preview as a comment for a pull request");
  if (name === "up")
    command.addOption(
      new Option("--plan <file>", "do what this plan of `preview --plan` says, and nothing else").conflicts([
        ...["only", "from", "consumer", "refresh", "allowReplace"],
      ]),
    );
  if (name === "up")
    command.option(
      "--no-proof",
      "deploy without the proof of access, which says loudly what is not checked then",
    );
  if (name === "up" || name === "destroy")
    command
      .option("--keep-going", "after a failure, go on with stages that do not depend on it")
      .addOption(
        new Option("--stop-on-failure", "after a failure, begin no other stage (the default)").conflicts(
          "keepGoing",
        ),
      );
  if (name === "destroy")
    command
      .addOption(
        new Option(
          "--delete-data",
          "also feature groups, buckets and keys, with all they hold: lists it, and asks for the environment's name",
        ).conflicts("keepData"),
      )
      .option("--confirm <name>", "the environment's name, where there is no terminal to ask for it")
      .option(
        "--keep-data",
        "take the access away, and keep feature groups, buckets and keys for a later `up`",
      );
  return command;
}

/**
 * @param say writes a line of progress
 * @param live shows progress on a terminal, in place of lines
 */
export function optionsOf(
  flags: Flags,
  say: (line: string) => void,
  live?: DeployOptions["onProgress"],
): DeployOptions {
  const progress = flags.quiet ? () => undefined : say;
  const { env, parallel, only, from, consumer: consumers, refresh, allowReplace, keepGoing } = flags;
  return {
    ...{ env, parallel, only, from, consumers, refresh, allowReplace, keepGoing },
    noProof: flags.proof === false,
    onEngine: progress,
    onProgress: live ?? linesTo(progress),
  };
}

function linesTo(progress: (line: string) => void): DeployOptions["onProgress"] {
  return (event) => {
    const line = progressLine(event);
    if (line !== undefined) progress(line);
  };
}

/** A reader of an option's value: a positive number, or a positive whole one. */
export function positive(option: string, whole = false): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (number > 0 && (!whole || Number.isInteger(number))) return number;
    const message = `${option} takes a positive ${whole ? "whole " : ""}number, not "${value}"`;
    throw new CommanderError(ExitCode.usage, "commander.invalidArgument", message);
  };
}

function collected(value: string, before: string[] = []): string[] {
  return [...before, value];
}
