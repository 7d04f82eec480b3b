/** Drift for people and for scripts. */
import type { DriftReport, PropertyDrift, StageDrift } from "../model/drift";
import type { ShownValue } from "../model/wires";
import type { AccessDiff } from "../../access/diff";
import { grantLines } from "./proofReport";

/** A line for each difference, deployed -> actual, and one that sums up. */
export function driftLines({ stages, drifted, ok, access }: DriftReport): string[] {
  const count = stages.reduce((sum, { resources }) => sum + resources.length, 0);
  const faults = stages.flatMap(({ error }) => (error ? ["", error.message, adviceOf(error)] : []));
  const sum = drifted
    ? `${count > 0 ? `${count} resources are` : "access is"} not as deployed; \`npm run up -- --refresh\` mends what is of a stack`
    : ok
      ? `all is as it was deployed: ${stages.length} stages`
      : "not all stages could be read";
  return [
    ...stages.flatMap(stageLines),
    ...(access ? accessLines(access) : []),
    ...faults.filter((line, at) => at === 0 || line !== ""),
    sum,
  ];
}

/** Policies that were changed by hand, those too that no stack knows of. */
function accessLines({ grantsGained, grantsLost }: AccessDiff): string[] {
  return [
    ...(grantsGained.length > 0 ? ["access that was gained by hand:", ...grantLines(grantsGained)] : []),
    ...(grantsLost.length > 0 ? ["access that was lost by hand:", ...grantLines(grantsLost)] : []),
  ];
}

function stageLines(drift: StageDrift): string[] {
  if (!drift.departed) return ownLines(drift);
  const left = `${drift.stage}: left the settings and is still deployed; \`npm run up\` destroys it`;
  return [left, ...ownLines(drift)];
}

function ownLines({ stage, status, resources, reason }: StageDrift): string[] {
  if (status === "inSync") return [];
  if (status === "absent") return [`${stage}: not deployed`];
  if (status === "failed") return [`${stage}: FAILED`];
  if (status === "skipped") return [`${stage}: skipped, as ${reason ?? "the run ended"}`];
  return [
    `${stage}:`,
    ...resources.flatMap(({ kind, type, name, id, properties }) => [
      `  ${kind === "deleted" ? "-" : "~"} ${type} ${name} (${id})${kind === "deleted" ? ": is gone" : ""}`,
      ...properties.map((property) => `      ${propertyLine(property)}`),
    ]),
  ];
}

function propertyLine({ path, deployed, actual }: PropertyDrift): string {
  return `${path}: ${text(deployed)} -> ${text(actual)}`;
}

function text(value: ShownValue | undefined): string {
  if (!value) return "(nothing)";
  if ("secret" in value) return "(secret)";
  return "unknown" in value ? "(unknown)" : JSON.stringify(value.value);
}

function adviceOf(error: Error): string {
  return (error as { advice?: string }).advice ?? "";
}

/** For scripts (docs/automation.md). `version` changes when a field changes its meaning or goes. */
export function driftJson({ ok, drifted, stages, access }: DriftReport): object {
  return {
    version: 1,
    action: "drift",
    ok,
    drifted,
    ...(access ? { access } : {}),
    stages: stages.map(({ error, ...stage }) => ({ ...stage, ...(error ? { error: error.message } : {}) })),
  };
}
