/** The verification's checks, for people and for scripts. */
import Table from "cli-table3";
import type { Check } from "../topologies/verification/types";

const BARE = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** A table of the checks with their results; below it, the reasons of failed ones. */
export function checkTable(checks: readonly Check[]): string {
  const table = new Table({
    head: ["", "as", "action", "on", "result"],
    chars: BARE,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const { ok, as, action, resource, expected, actual } of checks)
    table.push([
      ok ? "ok" : "NO",
      as,
      action,
      shortened(resource),
      ok ? actual : `${actual}, expected ${expected}`,
    ]);
  const failures = checks
    .filter(({ ok }) => !ok)
    .map(({ as, action, detail }) => `${as}, ${action}: ${detail ?? "no details"}`);
  const passed = checks.length - failures.length;
  return [table.toString(), "", ...failures, `${passed} of ${checks.length} checks as expected`].join("\n");
}

/** Cuts the middle out of long names, which differ at both ends. `--json` has the full names. */
function shortened(resource: string, width = 76): string {
  if (resource.length <= width) return resource;
  const head = Math.floor(width * 0.55);
  return `${resource.slice(0, head)}…${resource.slice(resource.length - (width - head - 1))}`;
}

/** For scripts (docs/schemas/verify-report.json). `version` changes when a field is removed or changes its meaning. */
export function checksJson(checks: readonly Check[]): object {
  return { version: 1, action: "verify", ok: checks.every(({ ok }) => ok), checks };
}
