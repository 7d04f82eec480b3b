/** A preview of the whole graph as one comment for a pull request. GitHub takes 65,536 characters. */
import { lossLine } from "../run/dataLoss";
import type { Violation } from "../../policy-pack/rules";
import type { ContractChange, GraphReport, StageReport } from "../model/reports";
import type { ShownValue } from "../model/wires";
import type { ResourceChange } from "../model/stackPort";
import { changeLines } from "../evolution/compare";
import { accessSection } from "./accessMarkdown";
import { viewOfReport } from "./graphView";
import { mermaid } from "./mermaid";
import { code, line } from "./markdownText";
import { outcomeOf, tallyOf } from "./words";
import { COMMENT_LIMIT } from "../actions/comment/sticky";

export interface MarkdownOptions {
  /** Name of the environment. */
  readonly env: string;
}

/** The hidden first line, by which the next run finds the comment. */
export function marker(env: string): string {
  return `<!-- feature-store-access: preview of ${env.replace(/--+/g, "-")} -->`;
}

/** Amount of detail: each level has less than the previous one. */
interface Level {
  /** Rows of a table. */
  readonly rows: number;
  readonly properties: boolean;
  readonly drawing: boolean;
}

const LEVELS: readonly Level[] = [
  { rows: Infinity, properties: true, drawing: true },
  { rows: 100, properties: true, drawing: true },
  { rows: 30, properties: false, drawing: true },
  { rows: 10, properties: false, drawing: true },
  { rows: 3, properties: false, drawing: false },
  { rows: 0, properties: false, drawing: false },
];

/** The report as a comment of at most `COMMENT_LIMIT` characters, in as much detail as that allows. */
export function graphMarkdown(report: GraphReport, options: MarkdownOptions): string {
  for (const level of LEVELS) {
    const text = render(report, options, level);
    if (text.length <= COMMENT_LIMIT) return text;
  }
  return [marker(options.env), title(options), "", summary(report), "", TOO_LONG].join("\n");
}

const TOO_LONG = "The preview is too long for a comment: see the job's log.";

function title({ env }: MarkdownOptions): string {
  return `## Feature store access: preview of ${code(env)}`;
}

function render(report: GraphReport, options: MarkdownOptions, level: Level): string {
  const parts = [
    marker(options.env),
    title(options),
    summary(report),
    ...losses(report),
    ...broken(report, level),
    ...failures(report),
    ...(report.access ? [accessSection(report.access, level.rows)] : []),
    ...(level.drawing ? [`\`\`\`mermaid\n${mermaid(viewOfReport(report.stages))}\n\`\`\``] : []),
    ...report.stages.filter(({ status }) => status === "changed").map((stage) => stageSection(stage, level)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function summary({ stages }: GraphReport): string {
  const changed = stages.filter(({ status }) => status === "changed");
  if (changed.length === 0 && stages.every(({ status }) => status === "unchanged"))
    return `**Nothing would change** in ${stages.length} stages.`;
  const total = tallyOf(changed.flatMap(({ changes }) => changes));
  const failed = stages.filter(({ status }) => status === "failed").length;
  return `**${changed.length} of ${stages.length} stages would change**${total === "" ? "" : `: ${total}`}.${failed > 0 ? ` **${failed} failed.**` : ""}`;
}

/** Losses of data, which come first. */
function losses({ stages }: GraphReport): string[] {
  const all = stages.flatMap(({ dangers: found = [] }) => found);
  if (all.length === 0) return [];
  const lines = all.map((loss) => `> - ${line(lossLine(loss))}${loss.allowed ? " (allowed)" : ""}`);
  return [["> [!CAUTION]", "> Data would be lost:", ...lines].join("\n")];
}

/** Broken rules, as a table. */
function broken({ stages }: GraphReport, level: Level): string[] {
  return stages.flatMap(({ stage, violations = [] }) => {
    if (violations.length === 0) return [];
    const rows = table(["rule", "resource", "problem", "what to do"], violations, level, violationRow);
    return [[`**${line(stage)} breaks rules of the policy pack**`, "", ...rows].join("\n")];
  });
}

function violationRow({ rule, name, problem, advice }: Violation): string[] {
  return [code(rule), code(name), line(problem), line(advice)];
}

function failures({ stages }: GraphReport): string[] {
  return stages.flatMap(({ stage, error, violations }) =>
    error && !violations ? [`**${line(stage)} failed**\n\n<pre>${code(error.message, "pre")}</pre>`] : [],
  );
}

function stageSection(report: StageReport, level: Level): string {
  const { stage, account, changes, causes = [], contractChanges = [] } = report;
  const why = causes.map(
    ({ stage: need, outputs }) => `${code(need)} changes ${outputs.map((path) => code(path)).join(", ")}`,
  );
  const evolutions = (report.evolutions ?? []).flatMap(changeLines).map((each) => `${line(each)}.`);
  return [
    `<details><summary><b>${code(stage)}</b> (account ${line(account)}): ${line(outcomeOf(report))}</summary>`,
    "",
    ...(evolutions.length > 0 ? [...evolutions, ""] : []),
    ...(why.length > 0 ? [`Because ${why.join("; ")}.`, ""] : []),
    ...table(
      ["", "resource", "type", ...(level.properties ? ["properties"] : [])],
      inOrder(changes),
      level,
      (change) => changeRow(change, level),
    ),
    ...(contractChanges.length > 0
      ? [
          "",
          "Its outputs for other stages:",
          "",
          ...table(["output", "from", "to"], contractChanges, level, contractRow),
        ]
      : []),
    "",
    "</details>",
  ].join("\n");
}

/** Replacements and deletions first, then by name: a comment is compared with the last one, and the engine's order varies. */
function inOrder(changes: readonly ResourceChange[]): ResourceChange[] {
  const rank = ({ op }: ResourceChange) => (/replace|delete/.test(op) ? 0 : op === "update" ? 1 : 2);
  return [...changes].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en"));
}

function table<T>(
  heads: readonly string[],
  items: readonly T[],
  { rows }: Level,
  row: (item: T) => string[],
): string[] {
  const left = items.length - Math.min(items.length, rows);
  if (rows === 0) return [`${items.length} not shown: see the job's log.`];
  return [
    `| ${heads.join(" | ")} |`,
    `|${heads.map(() => " --- |").join("")}`,
    ...items.slice(0, Math.min(items.length, rows)).map((item) => `| ${row(item).join(" | ")} |`),
    ...(left > 0 ? ["", `and ${left} more: see the job's log.`] : []),
  ];
}

function changeRow({ op, name, type, properties, replaces }: ResourceChange, level: Level): string[] {
  const paths = properties.map(
    (path) => `${code(path)}${replaces.includes(path) ? " (forces the replacement)" : ""}`,
  );
  return [
    line(op),
    code(name),
    code(type.split(":").at(-1) ?? type),
    ...(level.properties ? [paths.join(", ")] : []),
  ];
}

function contractRow({ path, from, to }: ContractChange): string[] {
  return [code(path), value(from), value(to)];
}

function value(part: ShownValue | undefined): string {
  if (part === undefined) return "";
  if ("secret" in part) return "[secret]";
  if ("unknown" in part) return "known after the update";
  return code(typeof part.value === "string" ? part.value : JSON.stringify(part.value));
}
