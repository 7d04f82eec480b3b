/** Data losses in a stage's changes: reports show them first, and the user has to allow each by name. */
import { holdsDataType, type DataLoss } from "../model/data";
import { ExitCode, UserError } from "../model/errors";
import type { DeployedStack, ResourceChange } from "../model/stackPort";

/**
 * The data losses among the changes, one for each resource.
 * @param allowed names that the user gave: URNs, logical names, or AWS IDs (a bucket's or feature group's name)
 */
export function lossesIn(
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
    const names = [urn, name, ...(id === undefined ? [] : [id])];
    found.set(urn, {
      stage,
      kind: before?.kind === "replace" ? "replace" : kind,
      urn,
      type,
      name,
      ...(id === undefined ? {} : { id }),
      because: [...new Set([...(before?.because ?? []), ...replaces])],
      allowed: names.some((each) => allowed.includes(each)),
    });
  }
  return [...found.values()];
}

/** One line: the resource, and why it is replaced. */
export function lossLine({ stage, kind, type, name, id, because }: DataLoss): string {
  const what = `${kind === "replace" ? "REPLACES" : "DELETES"} ${type} ${name}${id && id !== name ? ` (${id})` : ""}`;
  return `${stage}: ${what}${because.length > 0 ? `, because ${because.join(", ")} changes` : ""}`;
}

/** @throws UserError (dataLoss) for losses that are not allowed, with the options that would allow them */
export function refuseLosses(losses: readonly DataLoss[]): void {
  const refused = losses.filter(({ allowed }) => !allowed);
  if (refused.length === 0) return;
  throw new UserError(
    ExitCode.dataLoss,
    ["data would be lost:", ...refused.map((loss) => `  ${lossLine(loss)}`)].join("\n"),
    `Nothing was changed. To allow it: ${refused.map(({ name }) => `--allow-replace ${name}`).join(" ")}`,
  );
}
