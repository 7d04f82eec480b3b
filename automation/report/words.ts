/** Counts and outcomes in the same words in every report. */
import type { StageReport } from "../model/reports";
import type { ResourceChange } from "../model/stackPort";

const VERBS: Readonly<Record<string, string>> = {
  create: "to create",
  update: "to update",
  delete: "to delete",
  replace: "to replace",
  import: "to import",
};

/** `create-replacement`, `delete-replaced` and `replace` are one replacement: the middle step counts. */
export function tallyOf(changes: readonly ResourceChange[]): string {
  const counts = new Map<string, number>();
  for (const { op } of changes) {
    if (op === "create-replacement" || op === "delete-replaced") continue;
    counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return [...counts].map(([op, count]) => `${count} ${VERBS[op] ?? op}`).join(", ");
}

/** The outcome of a stage in a few words. */
export function outcomeOf({ status, changes, departed, reason }: StageReport): string {
  switch (status) {
    case "changed":
      return `${tallyOf(changes) || "changed"}${departed ? " (removed from the settings)" : ""}`;
    case "unchanged":
      return "no changes";
    case "failed":
      return "failed";
    case "skipped":
      return `skipped${reason === undefined ? "" : `: ${reason}`}`;
    case "absent":
      return "not deployed";
  }
}

/** The error's message and advice, below an empty line. */
export function errorLines({ error }: { readonly error?: Error & { readonly advice?: string } }): string[] {
  return error ? ["", error.message, ...(error.advice ? [error.advice] : [])] : [];
}
