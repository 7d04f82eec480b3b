/** Reports as plain lines: what a pipe, a log and a terminal all can show. */
import type { ShownValue } from "../model/wires";
import { missingLines } from "../preflight/lakeFormation/needs";
import { changeLines } from "../evolution/compare";
import { accessLines } from "./proofReport";
import type { ContractChange, DriverProgress, GraphReport, StageReport } from "../model/reports";
import type { ResourceChange } from "../model/stackPort";

const SIGNS: Readonly<Record<string, string>> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "±",
  "create-replacement": "±+",
  "delete-replaced": "±-",
  import: "=",
  read: ">",
  refresh: "~",
};
const WORDS: Readonly<Record<GraphReport["action"], readonly [string, string]>> = {
  preview: ["would change", "nothing would change"],
  up: ["changed", "nothing changed"],
  destroy: ["destroyed", "nothing was left"],
};

/** A line for what happens as it happens, or undefined where the report will say it. */
export function progressLine(progress: DriverProgress): string | undefined {
  switch (progress.kind) {
    case "stage-begun":
      return `${progress.stage} (account ${progress.account}) ...`;
    case "notice":
      return `${progress.stage ? `${progress.stage}: ` : ""}${progress.message}`;
    case "stage-ended":
      return stageLines(progress.report).join("\n");
    case "engine":
      return undefined;
  }
}

export function stageLines(report: StageReport): string[] {
  const { stage, changes, unchanged, status } = report;
  if (status === "failed") return [`${stage}: FAILED`];
  if (status === "skipped") return [`${stage}: skipped, as ${report.reason ?? "a stage before it failed"}`];
  if (status === "absent") return [`${stage}: not deployed`];
  if (report.notRun) return [`${stage}: not run: ${report.notRun} (${unchanged} resources)`];
  const evolutions = (report.evolutions ?? []).flatMap(changeLines).map((each) => `  ~  ${each}`);
  if (changes.length === 0) {
    const head =
      evolutions.length > 0 ? "feature groups change in place" : `no changes (${unchanged} resources)`;
    return [`${stage}: ${head}`, ...evolutions, ...whyLines(report), ...contractLines(report)];
  }
  return [
    `${stage}: ${tally(changes)}${unchanged > 0 ? `, ${unchanged} unchanged` : ""}${report.departed ? " (left the settings)" : ""}`,
    ...whyLines(report),
    ...evolutions,
    ...changes.map(changeLine),
    ...contractLines(report),
  ];
}

/** Why it changes, as far as needed stages give it something else. */
function whyLines({ causes = [] }: StageReport): string[] {
  return causes.map(({ stage, outputs }) => `  because ${stage} gives another ${outputs.join(", ")}`);
}

/** What it gives to other stages that changes. */
function contractLines({ contractChanges = [] }: StageReport): string[] {
  return contractChanges.map(contractLine);
}

function contractLine({ path, from, to }: ContractChange): string {
  if (from && to) return `  gives ${path}: ${valueOf(from)} -> ${valueOf(to)}`;
  return to ? `  gives ${path}: ${valueOf(to)} (new)` : `  gives ${path} no more`;
}

/** The most characters of a value in a line: the whole of it is in `--json` and `--markdown`. */
const LONGEST_VALUE = 120;

function valueOf(part: ShownValue): string {
  if ("secret" in part) return "[secret]";
  if ("unknown" in part) return "[known after the update]";
  const { value } = part;
  // A line break or an escape sequence of a value would break the line.
  const text = typeof value === "string" && !/\p{Cc}/u.test(value) ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

function changeLine({ op, type, name, properties, replaces }: ResourceChange): string {
  const why = op === "update" || op.includes("replace") ? (replaces.length > 0 ? replaces : properties) : [];
  return `  ${(SIGNS[op] ?? op).padEnd(2)} ${type.split(":").slice(-1)[0] ?? type} ${name}${why.length > 0 ? ` [${why.join(", ")}]` : ""}`;
}

function tally(changes: readonly ResourceChange[]): string {
  const counts = new Map<string, number>();
  for (const { op } of changes) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts]
    .map(([op, count]) => `${count} to ${op}`.replace("to delete-replaced", "replaced to delete"))
    .join(", ");
}

/** The last lines of a run: what it came to, and why it failed. */
export function summaryLines(report: GraphReport): string[] {
  const count = (status: StageReport["status"]) =>
    report.stages.filter((stage) => stage.status === status).length;
  const total = report.stages.reduce((sum, { changes }) => sum + changes.length, 0);
  const [changed, none] = WORDS[report.action];
  const access = report.access ? accessLines(report.access) : [];
  const lines = report.stages.flatMap(({ error }) => (error ? ["", error.message, ...adviceOf(error)] : []));
  if (report.access && !report.access.ok && report.stages.every(({ status }) => status !== "failed"))
    return access;
  const refused = report.stages.flatMap(({ dangers = [] }) => dangers.filter(({ allowed }) => !allowed));
  if (!report.ok && refused.length > 0 && count("failed") + count("skipped") === 0)
    return [
      ...access,
      `${refused.length} of what holds data would be replaced or deleted: \`npm run up\` refuses that, unless it is allowed by name`,
    ];
  if (!report.ok)
    return [
      ...access,
      ...lines,
      "",
      `${count("changed") + count("unchanged")} stages done, ${count("failed")} failed, ${count("skipped")} skipped. Run it again once the cause is mended: it goes on where it stopped.`,
    ];
  const kept = (report.kept ?? []).map(
    ({ stage, account, type, id }) => `kept: ${type} ${id} (${stage}, account ${account})`,
  );
  const { catalog = [] } = report;
  const goOn =
    "`npm run up` goes on with what was kept; `npm run destroy -- --delete-data` deletes it, with the environment's name.";
  return [
    ...access,
    ...(catalog.length > 0
      ? [
          "deployed, but AWS Lake Formation governs the catalog, and grants are missing:",
          ...missingLines(catalog),
        ]
      : []),
    ...kept,
    ...(kept.length > 0 ? [goOn] : []),
    ...report.stages.flatMap(ownerLines),
    total === 0 && count("changed") > 0
      ? `feature groups ${changed} in place, and nothing else: ${count("changed")} of ${report.stages.length} stages`
      : total === 0
        ? `${kept.length > 0 ? "nothing was destroyed" : none}: ${report.stages.length} stages`
        : `${total} resources ${changed} in ${count("changed")} of ${report.stages.length} stages`,
  ];
}

/**
 * What no stage may do: a bucket that a consumer brought has one policy, its owner's. AWS keeps a role's unique ID in it: where
 * a role was made again, the same statements have to be put once more.
 */
function ownerLines({ stage, outputs, contractChanges = [], causes = [] }: StageReport): string[] {
  if (outputs["requiredBucketPolicy"] === undefined) return [];
  const isOther = contractChanges.some(({ path }) => path === "requiredBucketPolicy");
  const madeAgain = causes.some((cause) => cause.outputs.some((path) => /^(executionR|r)oleId$/.test(path)));
  if (!isOther && !madeAgain) return [];
  return [
    `${stage}: the owner of the results bucket has to put the statements of requiredBucketPolicy into its policy${isOther ? "" : " again, as a role that they name was made again"} (\`npm run outputs\` has them), and let roleArn use the bucket's key, if it has one: no query works before`,
  ];
}

function adviceOf(error: Error): string[] {
  const { advice } = error as { advice?: string };
  return advice ? [advice] : [];
}
