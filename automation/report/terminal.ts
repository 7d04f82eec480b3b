/** Reports as plain lines: for a terminal, a pipe and a log. */
import { count } from "../actions/deletion/contents";
import { changeLines } from "../evolution/compare";
import type { ContractChange, DriverProgress, GraphReport, StageReport } from "../model/reports";
import type { ResourceChange } from "../model/stackPort";
import type { ShownValue } from "../model/wires";
import { missingLines } from "../preflight/lakeFormation/needs";
import { accessLines } from "./proofReport";
import { errorLines, outcomeOf } from "./words";

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
  preview: ["would change", "Nothing would change"],
  up: ["changed", "Nothing changed"],
  destroy: ["destroyed", "There was nothing to destroy"],
};

/** A line for an event as it happens; undefined if the report covers it. */
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
  const { stage, changes, unchanged, status, causes = [], contractChanges = [] } = report;
  if (status === "failed") return [`${stage}: FAILED`];
  if (status === "skipped" || status === "absent") return [`${stage}: ${outcomeOf(report)}`];
  if (report.notRun) return [`${stage}: unchanged, not run (${unchanged} resources)`];
  const evolutions = (report.evolutions ?? []).flatMap(changeLines).map((each) => `  ~  ${each}`);
  const head =
    changes.length > 0
      ? `${outcomeOf(report)}${unchanged > 0 ? `, ${unchanged} unchanged` : ""}`
      : evolutions.length > 0
        ? "feature groups change in place"
        : `no changes (${unchanged} resources)`;
  return [
    `${stage}: ${head}`,
    ...causes.map(({ stage: need, outputs }) => `  because ${need} changes ${outputs.join(", ")}`),
    ...evolutions,
    ...changes.map(changeLine),
    ...contractChanges.map(contractLine),
  ];
}

/** A change of an output that other stages need. */
function contractLine({ path, from, to }: ContractChange): string {
  if (from && to) return `  output ${path}: ${valueOf(from)} -> ${valueOf(to)}`;
  return to ? `  output ${path}: ${valueOf(to)} (new)` : `  output ${path}: removed`;
}

/** The most characters of a value in a line: `--json` and `--markdown` have the full value. */
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

/** The last lines of a run: its outcome, and the reasons of a failure. */
export function summaryLines(report: GraphReport): string[] {
  const { stages, action, ok, kept = [], catalog = [] } = report;
  const number = (status: StageReport["status"]) => stages.filter((stage) => stage.status === status).length;
  const access = report.access ? accessLines(report.access) : [];
  const hasFailed = number("failed") + number("skipped") > 0;
  if (report.access && !report.access.ok && number("failed") === 0) return access;
  const losses = stages.flatMap(({ dangers = [] }) => dangers.filter(({ allowed }) => !allowed));
  if (!ok && losses.length > 0 && !hasFailed)
    return [
      ...access,
      `${count(losses.length, "resource")} with data would be replaced or deleted. \`npm run up\` refuses that, unless --allow-replace names them.`,
    ];
  if (!ok)
    return [
      ...access,
      ...stages.flatMap(errorLines),
      "",
      `${count(number("changed") + number("unchanged"), "stage")} done, ${number("failed")} failed, ${number("skipped")} skipped. Remove the cause and run the command again: it continues where it stopped.`,
    ];
  return [
    ...access,
    ...(catalog.length > 0
      ? [
          "Deployed, but AWS Lake Formation governs the catalog, and permissions are missing:",
          ...missingLines(catalog),
        ]
      : []),
    ...kept.map(({ stage, account, type, id }) => `kept: ${type} ${id} (${stage}, account ${account})`),
    ...(kept.length > 0
      ? ["`npm run up` reuses the kept data; `npm run destroy -- --delete-data` deletes it."]
      : []),
    ...stages.flatMap(ownerLines),
    totalLine(action, stages, kept.length > 0),
  ];
}

function totalLine(action: GraphReport["action"], stages: readonly StageReport[], hasKept: boolean): string {
  const [changed, none] = WORDS[action];
  const resources = stages.reduce((sum, { changes }) => sum + changes.length, 0);
  const stagesChanged = stages.filter(({ status }) => status === "changed").length;
  const some = `in ${stagesChanged} of ${count(stages.length, "stage")}`;
  if (resources > 0) return `${count(resources, "resource")} ${changed} ${some}.`;
  if (stagesChanged > 0) return `Feature groups ${changed} in place ${some}, and nothing else.`;
  return `${hasKept ? "Nothing was destroyed" : none} in ${count(stages.length, "stage")}.`;
}

/**
 * What the owner of an existing results bucket has to do: no stage may change the bucket's only policy. AWS keeps a role's unique
 * ID in it, so the same statements have to be added again after the role is recreated.
 */
function ownerLines({ stage, outputs, contractChanges = [], causes = [] }: StageReport): string[] {
  if (outputs["requiredBucketPolicy"] === undefined) return [];
  const isNew = contractChanges.some(({ path }) => path === "requiredBucketPolicy");
  const isAgain = causes.some((cause) => cause.outputs.some((path) => /^(executionR|r)oleId$/.test(path)));
  if (!isNew && !isAgain) return [];
  return [
    `${stage}: the owner of the results bucket has to add the statements of requiredBucketPolicy to its policy${isNew ? "" : " again, because a role that they name was recreated"} (\`npm run outputs\` prints them), and to let roleArn use the bucket's key, if it has one. Until then no query works.`,
  ];
}
