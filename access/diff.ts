/**
 * The change of access between two graphs that use the same names: gained, lost and kept. A permission is gained if no
 * permission of the old graph covers it: same holder and action, a scope that contains its scope, and no further
 * condition. The settings explain permissions that the new intents cover; the others are shown as unexplained.
 */
import type { Ceilings } from "./ceiling";
import { placeOf, type Place } from "./findings";
import type { Permission } from "./permissions";
import { groupedBy, list } from "./lists";
import { type OneOrMany, overlap, widest, within } from "@feature-store-access/iam";
import type { ProvenIntent } from "./proveIntents";

export interface AccessSide {
  readonly permissions: readonly Permission[];
  readonly intents: readonly ProvenIntent[];
  readonly ceilings: Ceilings;
  /** True if the settings ask for more than any intent needs, as `policyMode: documented` does. */
  readonly isBroad: boolean;
}

export interface IntentChange {
  readonly id: string;
  /** "consumer ml-team may read feature group orders offline". */
  readonly says: string;
  readonly setting?: string;
}

export interface PermissionChange {
  readonly holder: string;
  readonly action: string;
  readonly scope: string;
  readonly conditions: readonly string[];
  /** True if an intent of the graph with the permission covers it. */
  readonly explained: boolean;
  readonly place: Place;
}

export interface AccessDiff {
  /** Intended accesses that work, in words. */
  readonly gained: readonly IntentChange[];
  readonly lost: readonly IntentChange[];
  /** Number of intended accesses that work in both. */
  readonly kept: number;
  /** Permissions of the policies, to the single action and resource. */
  readonly grantsGained: readonly PermissionChange[];
  readonly grantsLost: readonly PermissionChange[];
}

export function diffAccess(before: AccessSide, after: AccessSide): AccessDiff {
  const [had, has] = [working(before), working(after)];
  return {
    gained: [...has].filter(([id]) => !had.has(id)).map(([, change]) => change),
    lost: [...had].filter(([id]) => !has.has(id)).map(([, change]) => change),
    kept: [...has.keys()].filter((id) => had.has(id)).length,
    grantsGained: uncovered(after, before),
    grantsLost: uncovered(before, after),
  };
}

/** True if there is a gain that no intent explains. */
export function hasUnexplainedGain({ grantsGained }: AccessDiff): boolean {
  return grantsGained.some(({ explained }) => !explained);
}

function working({ intents }: AccessSide): Map<string, IntentChange> {
  return new Map(
    intents
      .filter(({ holds, intent }) => holds && intent.expect === "allowed")
      .map(({ intent: { id, actor, says, setting } }) => [
        id,
        { id, says: `${actor} ${says}`, ...(setting === undefined ? {} : { setting }) },
      ]),
  );
}

/** The permissions of one side that none of the other's covers. */
function uncovered({ permissions, ceilings, isBroad }: AccessSide, other: AccessSide): PermissionChange[] {
  const index = groupedBy(other.permissions, ({ side, holder, action }) => `${side}\n${holder}\n${action}`);
  const told = new Set<string>();
  return permissions.flatMap((permission): PermissionChange[] => {
    const { side, holder, action, scope, conditions, own, document, index: at, statement } = permission;
    const names = [`${holder}\n${action}`, `${holder}\n*`, `anyone\n${action}`];
    const candidates = names.flatMap((name) => index.get(`${side}\n${name}`) ?? []);
    if (candidates.some((old) => covers(old, permission))) return [];
    const key = [side, holder, action, scope, ...conditions].join("\n");
    if (told.has(key)) return [];
    told.add(key);
    const explained = own || isBroad || ceilings.covering(holder, action, scope).length > 0;
    return [{ holder, action, scope, conditions, explained, place: placeOf(document, at, statement) }];
  });
}

function covers(old: Permission, permission: Permission): boolean {
  return (
    within(permission.scope, old.scope) &&
    old.conditions.every((condition) => permission.conditions.includes(condition)) &&
    spares(old.statement.NotResource, permission.statement.NotResource, permission.scope) &&
    spares(
      lower(old.statement.NotAction),
      lower(permission.statement.NotAction),
      permission.action.toLowerCase(),
    )
  );
}

/** True if everything that the old permission excepts (resources or actions) is excepted in the new one too. */
function spares(old: OneOrMany | undefined, now: OneOrMany | undefined, about: string): boolean {
  const excepted = list(now ?? []);
  return list(old ?? [])
    .filter((each) => overlap(widest(each), widest(about)))
    .every((each) => excepted.some((other) => within(each, other)));
}

function lower(actions: OneOrMany | undefined): readonly string[] {
  return list(actions ?? []).map((action) => action.toLowerCase());
}
