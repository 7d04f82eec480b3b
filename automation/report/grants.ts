/** Feature Store's grants for people and for scripts. */
import type { GroupGrants, JudgedGrant } from "../actions/grants/grants";
import type { StoreGrants } from "../actions/grants/readGrants";

export function grantLines(stores: readonly StoreGrants[]): string[] {
  return stores.flatMap(({ account, groups, grants }) => {
    const orphans = grants.filter(({ state }) => state === "orphan");
    const unknown = grants.filter(({ state }) => state === "unknown");
    const foreign = grants.filter(({ state }) => state === "foreign");
    return [
      `account ${account}`,
      ...groups.flatMap((group) => groupLines(group, grants)),
      ...orphans.map(
        ({ id, key, group, because }) => `  ORPHAN  ${id} on ${key}, for feature group ${group}: ${because}`,
      ),
      ...unknown.map(
        ({ id, key }) => `  UNKNOWN ${id} on ${key}: Feature Store's, without the name of a feature group`,
      ),
      ...(foreign.length > 0
        ? [
            `  ${foreign.length} further ${foreign.length === 1 ? "grant is" : "grants are"} not Feature Store's (--json lists them)`,
          ]
        : []),
    ];
  });
}

const WORDS: Readonly<Record<Exclude<GroupGrants["state"], "granted">, string>> = {
  none: "needs no grant: no online store, or one under AWS's own key",
  absent: "does not exist",
  missing:
    "BROKEN: its online store has a key but no grant, so nobody can read or write it (docs/operations.md)",
};

function groupLines(
  { name, state, onlineKey, grants: own }: GroupGrants,
  grants: readonly JudgedGrant[],
): string[] {
  if (state === "missing") return [`  ${name}: ${WORDS.missing}`, `    key ${onlineKey}`];
  if (state !== "granted") return [`  ${name}: ${WORDS[state]}`];
  return [
    `  ${name}: key ${onlineKey}`,
    ...own.map((id) => {
      const grant = grants.find((each) => each.id === id);
      return `    grant ${id}, since ${grant?.created?.toISOString() ?? "unknown"}: ${grant?.operations.join(", ")}`;
    }),
  ];
}

export function grantsJson(stores: readonly StoreGrants[]): object {
  return { version: 1, stores };
}

export function revokedLine({ id, key, state, group }: JudgedGrant): string {
  const whose =
    state === "orphan"
      ? "an orphan"
      : group === undefined
        ? "which names no feature group"
        : `of ${group}, whose online store is broken now`;
  return `revoked grant ${id} on ${key}: ${whose}`;
}
