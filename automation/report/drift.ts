/** Drift for people and for scripts. */
import type { AccessDiff } from "../../access/diff";
import { count } from "../actions/deletion/contents";
import type { DriftReport, PropertyDrift, StageDrift } from "../model/drift";
import type { ShownValue } from "../model/wires";
import { permissionLines } from "./proofReport";
import { errorLines } from "./words";

/** A line for each difference, deployed -> actual, and a total. */
export function driftLines({ stages, drifted, ok, access }: DriftReport): string[] {
  const resources = stages.reduce((sum, stage) => sum + stage.resources.length, 0);
  const repair = "`npm run up -- --refresh` repairs the resources of stacks";
  const total = drifted
    ? `Drift in ${resources > 0 ? count(resources, "resource") : "access"}: ${repair}.`
    : ok
      ? `No drift in ${count(stages.length, "stage")}.`
      : "Not all stages could be read.";
  return [
    ...stages.flatMap(stageLines),
    ...(access ? accessLines(access) : []),
    ...stages.flatMap(errorLines),
    total,
  ];
}

/** Policies changed by hand, including those outside all stacks. */
function accessLines({ grantsGained, grantsLost }: AccessDiff): string[] {
  return [
    ...(grantsGained.length > 0 ? ["access gained by hand:", ...permissionLines(grantsGained)] : []),
    ...(grantsLost.length > 0 ? ["access lost by hand:", ...permissionLines(grantsLost)] : []),
  ];
}

function stageLines(drift: StageDrift): string[] {
  if (!drift.departed) return ownLines(drift);
  const removed = `${drift.stage}: removed from the settings and still deployed; \`npm run up\` destroys it`;
  return [removed, ...ownLines(drift)];
}

function ownLines({ stage, status, resources, reason }: StageDrift): string[] {
  if (status === "inSync") return [];
  if (status === "absent") return [`${stage}: not deployed`];
  if (status === "failed") return [`${stage}: FAILED`];
  if (status === "skipped") return [`${stage}: skipped: ${reason ?? "the run ended"}`];
  return [
    `${stage}:`,
    ...resources.flatMap(({ kind, type, name, id, properties }) => [
      `  ${kind === "deleted" ? "-" : "~"} ${type} ${name} (${id})${kind === "deleted" ? ": no longer exists" : ""}`,
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

/** For scripts (docs/automation.md). `version` changes when a field is removed or changes its meaning. */
export function driftJson({ stages, ...report }: DriftReport): object {
  return {
    version: 1,
    ...report,
    stages: stages.map(({ error, ...stage }) => ({ ...stage, ...(error ? { error: error.message } : {}) })),
  };
}
