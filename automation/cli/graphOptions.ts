/** Options of the commands over the graph, and the report that they print. */
import { Option, type Command } from "commander";
import { DEFAULT_PARALLEL } from "../model/driverOptions";
import type { GraphReport } from "../model/reports";
import { graphJson } from "../report/json";
import { summaryLines } from "../report/terminal";
import { lossLine } from "../run/dataLoss";
import { exitCodeOf } from "./exitCodes";
import type { ChangeOptions, GraphOptions } from "../model/runOptions";
import { positive, resultText, withResult, type CommandContext, type CommonFlags } from "./command";

export interface GraphFlags extends CommonFlags {
  readonly parallel?: number;
  readonly only?: string[];
  readonly from?: string[];
  readonly consumer?: string[];
}

export interface ChangeFlags extends GraphFlags {
  readonly refresh?: boolean;
  readonly allowReplace?: string[];
}

export function withGraphOptions(command: Command): Command {
  return withResult(command)
    .option("--parallel <number>", "number of stages at once", positive("--parallel", true), DEFAULT_PARALLEL)
    .option("--only <stage>", "this stage (repeatable)", collected)
    .option("--from <stage>", "this stage and all that depend on it (repeatable)", collected)
    .option("--consumer <name>", "the stages of this consumer (repeatable)", collected);
}

export function withChangeOptions(command: Command): Command {
  return withGraphOptions(command)
    .option("--refresh", "refresh every stage from AWS first")
    .option(
      "--allow-replace <name>",
      "a resource that holds data and may be replaced or deleted: URN, logical name or AWS ID (repeatable)",
      collected,
    );
}

export function withFailureOptions(command: Command): Command {
  return command
    .option("--keep-going", "after a failure, continue with stages that do not depend on it")
    .addOption(
      new Option("--stop-on-failure", "after a failure, start no other stage (the default)").conflicts(
        "keepGoing",
      ),
    );
}

export function graphOptions(context: CommandContext, flags: GraphFlags): GraphOptions {
  const { parallel, only, from, consumer: consumers } = flags;
  return { ...context.runOptions(flags), parallel, only, from, consumers };
}

export function changeOptions(context: CommandContext, flags: ChangeFlags): ChangeOptions {
  const { refresh, allowReplace } = flags;
  return { ...graphOptions(context, flags), refresh, allowReplace };
}

/** Prints the report, and to standard error each loss of data that is not allowed. @returns the exit code */
export function printReport(context: CommandContext, flags: CommonFlags, report: GraphReport): number {
  context.endProgress();
  context.print(resultText(flags, graphJson(report), summaryLines(report)));
  for (const loss of report.stages.flatMap(({ dangers = [] }) => dangers))
    if (!loss.allowed) context.say(`DATA LOSS ${lossLine(loss)} (allowed with --allow-replace ${loss.name})`);
  return exitCodeOf(report, context.signal);
}

function collected(value: string, before: string[] = []): string[] {
  return [...before, value];
}
