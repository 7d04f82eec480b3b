/** The proof for people: its counts, findings, and the gains and losses of a change. */
import type { AccessDiff, PermissionChange } from "../../access/diff";
import { placeWords, type Finding } from "../../access/findings";
import type { AccessSummary } from "../model/reports";
import type { AccessProof } from "../proof/proveAccess";
import { findingLines } from "../proof/findingLines";
import { summaryOf } from "../proof/accessSummary";
import { count } from "../actions/deletion/contents";

/** Lines for a terminal or a log. */
export function proofLines(access: AccessProof): string[] {
  const { env, subject, proof, errors, warnings, diff } = access;
  const { model, counts } = proof;
  const { allowed, denied } = summaryOf(access);
  return [
    ...errors.flatMap((finding) => [...findingLines(finding), ""]),
    ...folded(warnings),
    `access of ${env} in ${subject}: ${model.roles.length} roles, ${model.resources.length - model.roles.length} resources, ${counts.asked} requests`,
    `  ${allowed.hold} of ${allowed.of} intended accesses work`,
    `  ${denied.hold} of ${denied.of} refusals hold`,
    `  ${errors.length === 0 ? "no findings" : count(errors.length, "finding")}${warnings.length > 0 ? `; policyMode: documented permits more than needed in ${count(warnings.length, "statement")}` : ""}`,
    ...(diff ? ["", ...diffLines(diff, diff.against)] : []),
  ];
}

/** For the end of a preview. */
export function accessLines({ allowed, denied, errors, diff }: AccessSummary): string[] {
  return [
    ...errors.flatMap((finding) => [...findingLines(finding), ""]),
    `access: ${allowed.hold} of ${allowed.of} intended accesses work, ${denied.hold} of ${denied.of} refusals hold`,
    ...(diff ? diffLines(diff, diff.against) : []),
  ];
}

/** Permissions beyond need from the documents' own policies: a line for each holder, with its statements. */
function folded(warnings: readonly Finding[]): string[] {
  if (warnings.length === 0) return [];
  const bySentence = new Map<string, Map<string, number>>();
  for (const { says, places } of warnings) {
    const documents = bySentence.get(says) ?? new Map<string, number>();
    bySentence.set(says, documents);
    for (const { document = "" } of places) documents.set(document, (documents.get(document) ?? 0) + 1);
  }
  const lines = [...bySentence].map(([says, documents]) => {
    const where = [...documents].map(([name, of]) => (of === 1 ? name : `${of} statements of ${name}`));
    return `beyond need: ${says}: by ${where.join(", ")}`;
  });
  return [...lines, ""];
}

/** @param against the other graph, in words */
export function diffLines(diff: AccessDiff, against: string): string[] {
  const { gained, lost, kept, grantsGained, grantsLost } = diff;
  const unexplained = grantsGained.filter(({ explained }) => !explained);
  if (gained.length + lost.length + grantsGained.length + grantsLost.length === 0)
    return [`against ${against}: the same access (${kept} intended accesses)`];
  return [
    `against ${against}: ${gained.length} gained, ${lost.length} lost, ${kept} kept`,
    ...gained.map(({ says, setting }) => `  gains: ${says}${setting === undefined ? "" : ` (${setting})`}`),
    ...lost.map(({ says, setting }) => `  loses: ${says}${setting === undefined ? "" : ` (${setting})`}`),
    ...(unexplained.length > 0
      ? ["  GAINED, and no setting explains it:", ...permissionLines(unexplained)]
      : []),
    `  in the policies: ${grantsGained.length} permissions added, ${grantsLost.length} removed`,
  ];
}

/** Changes of permissions, those of a statement and holder in one line. */
export function permissionLines(changes: readonly PermissionChange[]): string[] {
  const byStatement = new Map<string, PermissionChange[]>();
  for (const change of changes) {
    const key = `${change.holder}\n${placeWords(change.place)}`;
    byStatement.set(key, [...(byStatement.get(key) ?? []), change]);
  }
  return [...byStatement.values()].map((same) => {
    const [{ holder, place, conditions }] = same as [PermissionChange];
    const actions = [...new Set(same.map(({ action }) => action))];
    const scopes = [...new Set(same.map(({ scope }) => scope))];
    const limited = conditions.length > 0 ? ` if ${conditions.join(" and ")}` : "";
    return `    ${holderWords(holder)} may ${some(actions)} on ${some(scopes)}${limited} [${placeWords(place)}]`;
  });
}

/** A role whose name only AWS knows is shown by its symbol, which says more than its ARN. */
function holderWords(holder: string): string {
  const [, account, symbol] = /^arn:[^:]*:iam::(\d{12}):role\/\{([^}]+)\}$/.exec(holder) ?? [];
  return account === undefined ? holder : `${symbol} of account ${account}`;
}

function some(all: readonly string[], most = 4): string {
  return all.length <= most
    ? all.join(", ")
    : `${all.slice(0, most).join(", ")} and ${all.length - most} more`;
}
