/**
 * Everything that the graph's policies allow, as a flat set: holder, action, resources, conditions, and the statement.
 * The diff compares two graphs by it, and the page shows it.
 */
import {
  type ActionCatalog,
  type ConditionElement,
  overlap,
  type PolicyStatement,
  type Reach,
  widest,
} from "@feature-store-access/iam";
import { holdersOf, holderWords, isDelegation } from "./holders";
import { groupedBy, list } from "./lists";
import type { AccessModel, ModelDocument, ModelResource, ModelRole } from "./model";

export interface Permission {
  /** From the holder's own policy or the resource's: across accounts, access needs both. */
  readonly side: "identity" | "resource";
  /** ARN of a role, `account ID`, a service principal, `anyone`. */
  readonly holder: string;
  /** `s3:GetObject`; `*` where the statement allows every action. */
  readonly action: string;
  readonly reach: Reach;
  /** ARN, or a pattern of one. */
  readonly scope: string;
  /** True for a permission that a resource's policy leaves to its owner's own account. */
  readonly own: boolean;
  /** `StringEquals kms:ViaService s3.us-east-1.amazonaws.com`, in a fixed order. */
  readonly conditions: readonly string[];
  readonly document: ModelDocument;
  readonly index: number;
  readonly statement: PolicyStatement;
}

/** All permissions, including those that a key's or a role's policy gives its own account as a whole. */
export function permissionsOf(model: AccessModel, catalog: ActionCatalog): Permission[] {
  return [
    ...model.roles.flatMap((role) => role.identity.flatMap((document) => ofRole(role, document, catalog))),
    ...model.resources.flatMap((resource) =>
      resource.policy ? ofResource(resource, resource.policy, catalog) : [],
    ),
  ];
}

function ofRole({ arn }: ModelRole, document: ModelDocument, catalog: ActionCatalog): Permission[] {
  return allowing(document).flatMap(([statement, index]) => {
    const scopes = statement.Resource === undefined ? ["*"] : list(statement.Resource);
    return permissions("identity", [{ name: arn, own: false }], scopes, document, statement, index, catalog);
  });
}

function ofResource(resource: ModelResource, document: ModelDocument, catalog: ActionCatalog): Permission[] {
  return allowing(document).flatMap(([statement, index]) => {
    const scopes = scopesOn(resource, statement);
    const holders = holdersOf(statement).map((holder) => ({
      name: holderWords(holder),
      own: isDelegation(holder, resource.account),
    }));
    return permissions("resource", holders, scopes, document, statement, index, catalog);
  });
}

/** In a key policy every Resource means the key, a trust policy has none, and a NotResource is taken to cover the whole resource. */
export function scopesOn({ kind, arn }: ModelResource, { Resource }: PolicyStatement): readonly string[] {
  if (kind === "key" || kind === "role") return [arn];
  if (Resource !== undefined) return list(Resource);
  return kind === "bucket" ? [arn, `${arn}/*`] : [arn];
}

function permissions(
  side: Permission["side"],
  holders: readonly { readonly name: string; readonly own: boolean }[],
  scopes: readonly string[],
  document: ModelDocument,
  statement: PolicyStatement,
  index: number,
  catalog: ActionCatalog,
): Permission[] {
  const actions = actionsOf(statement, catalog);
  const conditions = conditionWords(statement.Condition);
  return holders.flatMap(({ name: holder, own }) =>
    scopes.flatMap((scope) =>
      actions
        .filter((action) => catalog.fits(action, scope))
        .map((action) => ({
          side,
          holder,
          own,
          action,
          reach: catalog.reach(action),
          scope,
          conditions,
          document,
          index,
          statement,
        })),
    ),
  );
}

function actionsOf({ Action, NotAction }: PolicyStatement, catalog: ActionCatalog): readonly string[] {
  if (NotAction !== undefined || Action === undefined) return ["*"];
  return [...new Set(list(Action).flatMap((pattern) => (pattern === "*" ? ["*"] : catalog.expand(pattern))))];
}

/** A statement's conditions as words, sorted. */
export function conditionWords(conditions: ConditionElement = {}): string[] {
  return Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) => `${operator} ${key} ${list(values).map(String).sort().join(", ")}`,
      ),
    )
    .sort();
}

/** The statements that allow something, each with its index in the document. */
export function allowing({ document }: ModelDocument): [PolicyStatement, number][] {
  return list(document.Statement)
    .map((statement, index): [PolicyStatement, number] => [statement, index])
    .filter(([{ Effect }]) => Effect === "Allow");
}

/** Permissions by what they apply to. */
export class PermissionIndex {
  /** By service, then by scope; under `*` those that do not belong to one service. */
  private readonly services: ReadonlyMap<string, ReadonlyMap<string, readonly Permission[]>>;

  constructor(all: readonly Permission[]) {
    const byService = groupedBy(all, ({ scope }) => serviceOf(scope));
    this.services = new Map(
      [...byService].map(([service, same]) => [service, groupedBy(same, ({ scope }) => scope)]),
    );
  }

  /** The permissions on a resource; a bucket's objects belong to it. */
  on({ kind, arn }: ModelResource): Permission[] {
    return [serviceOf(arn), "*"].flatMap((service) =>
      [...(this.services.get(service) ?? [])]
        .filter(([scope]) => {
          const most = widest(scope);
          return overlap(most, arn) || (kind === "bucket" && overlap(most, `${arn}/*`));
        })
        .flatMap(([, permissions]) => permissions),
    );
  }
}

function serviceOf(scope: string): string {
  const service = scope.split(":")[2] ?? "*";
  return /[*?]/.test(service) ? "*" : service;
}
