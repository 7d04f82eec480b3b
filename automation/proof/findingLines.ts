/** A finding as lines of text. */
import { placeWords, type Finding, type FindingKind } from "../../access/findings";

const KINDS: Readonly<Record<FindingKind, string>> = {
  broken: "DOES NOT WORK",
  open: "OPEN",
  public: "PUBLIC",
  foreignAccount: "FOREIGN ACCOUNT",
  excess: "EXCESS",
  lint: "LINT",
  unknown: "UNKNOWN",
};

export function findingLines({ kind, says, why, places, advice }: Finding): string[] {
  const where = [...new Set(places.map(placeWords))].filter(
    (words) => !why.some((line) => line.includes(words)),
  );
  return [
    `${KINDS[kind]}: ${says}`,
    ...why.map((line) => `  ${line}`),
    ...where.map((words) => `  at ${words}`),
    ...(advice === undefined ? [] : [`  ${advice}`]),
  ];
}
