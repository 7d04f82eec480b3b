/** The effects of a change on access, for a pull request's comment: findings first, then gains and losses. */
import { placeWords, type Finding } from "../../access/findings";
import type { AccessSummary } from "../model/reports";
import { permissionLines } from "./proofReport";
import { line } from "./markdownText";

/** @param most maximum number of rows in each list */
export function accessSection(access: AccessSummary, most: number): string {
  const { allowed, denied, errors, diff } = access;
  const proven = `${allowed.hold} of ${allowed.of} intended accesses work, ${denied.hold} of ${denied.of} refusals hold`;
  const unexplained = diff?.grantsGained.filter(({ explained }) => !explained) ?? [];
  return [
    `**Access**: ${proven}.`,
    ...alert("CAUTION", "Access is not as intended:", errors.map(findingLine), most),
    ...alert(
      "WARNING",
      "Gained, and no setting explains it:",
      permissionLines(unexplained).map((text) => line(text)),
      most,
    ),
    ...list(diff?.gained.map(({ says }) => `gains: ${line(says)}`) ?? [], most),
    ...list(diff?.lost.map(({ says }) => `loses: ${line(says)}`) ?? [], most),
    ...(diff && diff.gained.length + diff.lost.length === 0 ? ["No intended access is gained or lost."] : []),
  ].join("\n\n");
}

function findingLine({ says, places }: Finding): string {
  const [place] = places;
  return `${line(says)}${place ? ` — ${line(placeWords(place))}` : ""}`;
}

function alert(kind: string, title: string, lines: readonly string[], most: number): string[] {
  if (lines.length === 0) return [];
  return [[`> [!${kind}]`, `> ${title}`, ...shortened(lines, most).map((text) => `> - ${text}`)].join("\n")];
}

function list(lines: readonly string[], most: number): string[] {
  return lines.length === 0
    ? []
    : [
        shortened(lines, most)
          .map((text) => `- ${text}`)
          .join("\n"),
      ];
}

function shortened(lines: readonly string[], most: number): string[] {
  const shown = lines.slice(0, Math.max(1, most));
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, `and ${left} more: see the job's log`] : shown;
}
