/**
 * The upper bound: for each resource of the graph, who at most can read, write, administer or delegate it, over all
 * principals. Principals outside the graph are taken to be allowed everything by their own accounts, and a denial with a
 * condition is taken not to apply. Nobody can do more than the bound says; not everyone in it can do all of it.
 */
import { type ActionCatalog, glob, overlap, type Reach, widest, within } from "@feature-store-access/iam";
import { placeOf, type Place } from "./findings";
import { PermissionIndex, permissionsOf, type Permission } from "./permissions";
import { groupedBy, list } from "./lists";
import { accountHolder } from "./intents/types";
import type { AccessModel, ModelResource, ModelRole } from "./model";

export interface BoundHolder {
  /** A role's label, `account ID`, a service principal, `anyone`, or an ARN outside the graph. */
  readonly who: string;
  readonly reach: Reach;
  /** Actions; `*` where a whole service is permitted. */
  readonly actions: readonly string[];
  /** ARNs or patterns. */
  readonly scopes: readonly string[];
  /** In words; all of them have to hold. */
  readonly conditions: readonly string[];
  readonly places: readonly Place[];
}

export interface Bound {
  readonly resource: ModelResource;
  readonly holders: readonly BoundHolder[];
}

/** Kinds whose own policy has to let every principal in, even those of its own account. */
const GUARDED: ReadonlySet<string> = new Set(["key", "role"]);

export function bounds(model: AccessModel, catalog: ActionCatalog): Bound[] {
  const all = new PermissionIndex(permissionsOf(model, catalog));
  const roles = new Map(model.roles.map((role) => [role.arn, role]));
  return model.resources.map((resource) => {
    const on = all.on(resource);
    const theirs = on.filter(({ document }) => document === resource.policy);
    const own = on.filter(({ document, holder }) => document !== resource.policy && roles.has(holder));
    const effective = [
      ...theirs.flatMap((permission) => byTheirs(permission, resource, roles, own)),
      ...own.flatMap((permission) => byOwn(permission, resource, roles, theirs)),
    ].filter((permission) => !isShut(permission, resource));
    const holders = folded(effective, roles);
    return { resource, holders: [...owner(resource), ...holders] };
  });
}

/** The owner's account decides by its own IAM, except for keys and roles, whose own policies decide. */
function owner({ kind, account, arn }: ModelResource): BoundHolder[] {
  if (GUARDED.has(kind)) return [];
  const common = {
    who: `${accountHolder(account)} (its owner)`,
    actions: ["*"],
    scopes: [arn],
    conditions: [],
    places: [],
  };
  return (["read", "write", "administer", "delegate"] as const).map((reach) => ({ ...common, reach }));
}

/** A role of the graph in another account also needs an allow in its own policy; any other account is taken to give one. */
function byTheirs(
  permission: Permission,
  resource: ModelResource,
  roles: ReadonlyMap<string, ModelRole>,
  own: readonly Permission[],
): Permission[] {
  const role = roles.get(permission.holder);
  if (!role || role.account === resource.account || !role.made) return [permission];
  return own
    .filter((each) => each.holder === permission.holder && meets(each, permission))
    .map((each) => both(each, permission));
}

/** A permission of a role's own policy, as far as the resource's policy lets the role's account in or is not needed. */
function byOwn(
  permission: Permission,
  resource: ModelResource,
  roles: ReadonlyMap<string, ModelRole>,
  theirs: readonly Permission[],
): Permission[] {
  const role = roles.get(permission.holder);
  if (!role) return [];
  if (role.account === resource.account && !GUARDED.has(resource.kind)) return [permission];
  const names = new Set([accountHolder(role.account), "anyone"]);
  return theirs
    .filter((each) => names.has(each.holder) && meets(each, permission))
    .map((each) => both(permission, each));
}

function meets(one: Permission, other: Permission): boolean {
  const isSame = one.action === "*" || other.action === "*" || one.action === other.action;
  return isSame && overlap(widest(one.scope), widest(other.scope));
}

/** Combines two policies' permissions: the narrower of their scopes, if one contains the other, and the conditions of both. */
function both(own: Permission, theirs: Permission): Permission {
  const scope = within(own.scope, theirs.scope) ? own.scope : theirs.scope;
  const conditions = [...new Set([...own.conditions, ...theirs.conditions])].sort();
  return { ...own, action: own.action === "*" ? theirs.action : own.action, scope, conditions };
}

/** True if the resource's policy denies the action to everyone and under no condition. A NotResource leaves some out. */
function isShut({ action, scope }: Permission, { policy }: ModelResource): boolean {
  if (!policy) return false;
  return list(policy.document.Statement).some(
    ({ Effect, Principal, Action = [], Resource, NotResource, Condition }) =>
      Effect === "Deny" &&
      Condition === undefined &&
      NotResource === undefined &&
      (Principal === "*" || (typeof Principal === "object" && list(Principal["AWS"] ?? []).includes("*"))) &&
      list(Action).some((pattern) => glob(pattern.toLowerCase())(action.toLowerCase())) &&
      (Resource === undefined || list(Resource).some((pattern) => within(scope, pattern))),
  );
}

/** One line per holder, reach and set of conditions. */
function folded(permissions: readonly Permission[], roles: ReadonlyMap<string, ModelRole>): BoundHolder[] {
  const alike = groupedBy(permissions, ({ holder, reach, conditions }) =>
    [holder, reach, ...conditions].join("\n"),
  );
  return [...alike.values()].map((same) => {
    const [first] = same as [Permission];
    const places = new Map(
      same.map(({ document, index, statement }) => [
        `${document.name} ${index}`,
        placeOf(document, index, statement),
      ]),
    );
    return {
      who: roles.get(first.holder)?.label ?? first.holder,
      reach: first.reach,
      actions: [...new Set(same.map(({ action }) => action))].sort(),
      scopes: [...new Set(same.map(({ scope }) => scope))].sort(),
      conditions: first.conditions,
      places: [...places.values()],
    };
  });
}
