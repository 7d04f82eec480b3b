/** Replacements and deletions of what holds data: they stand out, and need a word of the user's. */
import { ExitCode, UserError } from "../model/errors";
import { holdsDataType, type DataLoss } from "../model/data";
import type { DeployedStack, ResourceChange } from "../model/stackPort";

/**
 * What the changes would take data away with, one danger for each resource.
 * @param allowed names that the user gave: URNs, logical names, or AWS IDs (a bucket's or feature group's name)
 */
export function dangersIn(
  stage: string,
  changes: readonly ResourceChange[],
  deployed: DeployedStack | undefined,
  allowed: readonly string[] = [],
): DataLoss[] {
  const found = new Map<string, DataLoss>();
  const ids = new Map(deployed?.resources.map(({ urn, id }) => [urn, id]));
  for (const { op, urn, type, name, replaces } of changes) {
    const kind = op === "delete" ? "delete" : /replace/.test(op) ? "replace" : undefined;
    if (!kind || !holdsDataType(type)) continue;
    const before = found.get(urn);
    const id = ids.get(urn);
    const because = [...new Set([...(before?.because ?? []), ...replaces])];
    const names = [urn, name, ...(id === undefined ? [] : [id])];
    found.set(urn, {
      stage,
      kind: before?.kind === "replace" ? "replace" : kind,
      urn,
      type,
      name,
      ...(id === undefined ? {} : { id }),
      because,
      allowed: names.some((each) => allowed.includes(each)),
    });
  }
  return [...found.values()];
}

/** One line: what would become of which resource, and why. */
export function dangerLine({ stage, kind, type, name, id, because }: DataLoss): string {
  const what = `${kind === "replace" ? "REPLACES" : "DELETES"} ${type} ${name}${id && id !== name ? ` (${id})` : ""}`;
  return `${stage}: ${what}${because.length > 0 ? `, as ${because.join(", ")} changes` : ""}`;
}

/** The refusal of what was not allowed, with the options that would allow it. */
export function dangerRefusal(dangers: readonly DataLoss[]): UserError {
  return new UserError(
    ExitCode.dataLoss,
    ["this would take away what holds data:", ...dangers.map((danger) => `  ${dangerLine(danger)}`)].join(
      "\n",
    ),
    `Nothing was changed. If the data may go: ${dangers.map(({ name }) => `--allow-replace ${name}`).join(" ")}`,
  );
}
