/** The grants for people and for scripts. */
import { ExitCode, UserError } from "../model/errors";
import type { GroupGrants, JudgedGrant } from "../actions/grants/grants";
import type { StoreGrants } from "../actions/grants/readGrants";

/** The same with what concerns one feature group only. @throws UserError (usage) for a name that neither settings nor grants have */
export function ofGroup(stores: readonly StoreGrants[], name: string): StoreGrants[] {
  const isIt = (other: string | undefined) => other?.toLowerCase() === name.toLowerCase();
  const found = stores.map((store) => ({
    ...store,
    groups: store.groups.filter((group) => isIt(group.name)),
    grants: store.grants.filter(({ group }) => isIt(group)),
  }));
  if (found.some(({ groups, grants }) => groups.length > 0 || grants.length > 0)) return found;
  const known = [
    ...new Set(
      stores.flatMap(({ groups, grants }) => [
        ...groups.map((group) => group.name),
        ...grants.flatMap(({ group }) => group ?? []),
      ]),
    ),
  ];
  throw new UserError(
    ExitCode.usage,
    `no feature group "${name}" is in the settings or named by a grant`,
    `There are: ${known.join(", ") || "none"}.`,
  );
}

/** `drift` if an online store lacks its grant: what AWS has is not what was made. */
export function grantsCode(stores: readonly StoreGrants[]): number {
  const broken = stores.some(({ groups }) => groups.some(({ state }) => state === "missing"));
  return broken ? ExitCode.drift : ExitCode.ok;
}

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
        ({ id, key }) => `  UNKNOWN ${id} on ${key}: Feature Store's, and names no feature group`,
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
    "BROKEN: its online store has a key and no grant, so that nobody reads or writes it (docs/operations.md)",
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
