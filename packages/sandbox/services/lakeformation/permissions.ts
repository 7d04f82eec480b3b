/** Grants of Lake Formation. Source: AWS Lake Formation API Reference, "Permissions API". */
import { AwsError, type Call, type World } from "../../core";
import { pageOf } from "../../protocol/pages";
import { databases, tables, type Database, type Table } from "../glue/state";
import {
  addGrant,
  grantedTo,
  grants,
  IAM_ALLOWED,
  isAdmin,
  isGoverned,
  placeKey,
  placeOf,
  removeGrant,
  setGoverned,
  type Place,
  type ResourceKey,
} from "./state";

interface Named {
  readonly CatalogId?: string;
  readonly DatabaseName?: string;
  readonly Name?: string;
  readonly TableWildcard?: object;
  readonly ResourceArn?: string;
}
export interface Resource {
  readonly Catalog?: object;
  readonly Database?: Named;
  readonly Table?: Named;
  readonly TableWithColumns?: Named;
  readonly DataLocation?: Named;
}
export interface GrantRequest {
  readonly CatalogId?: string;
  readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
  readonly Resource?: Resource;
  readonly Permissions?: readonly string[];
  readonly PermissionsWithGrantOption?: readonly string[];
}

const invalid = (message: string) => new AwsError("InvalidInputException", message);

/** Throws `InvalidInputException` for what the sandbox cannot tell, and `EntityNotFoundException` for what is not there. */
function resourceOf(world: World, place: Place, resource: Resource = {}): ResourceKey {
  if (resource.Catalog) return "catalog";
  if (resource.DataLocation) return `location/${resource.DataLocation.ResourceArn}`;
  const key = placeKey(place);
  if (resource.Database) {
    const name = (resource.Database.Name ?? "").toLowerCase();
    if (!databases(world.store).has(`${key}/${name}`)) throw notFound(`Database not found: ${name}`);
    return `database/${name}`;
  }
  const table = resource.Table ?? resource.TableWithColumns;
  if (!table) throw invalid("Resource must have one of the have Catalog, Table, Database or DataLocation.");
  const database = (table.DatabaseName ?? "").toLowerCase();
  if (table.TableWildcard) return `table/${database}/*`;
  const name = (table.Name ?? "").toLowerCase();
  if (!tables(world.store).has(`${key}/${database}/${name}`)) throw notFound(`Table not found: ${name}`);
  return `table/${database}/${name}`;
}

const notFound = (message: string) => new AwsError("EntityNotFoundException", message);

function shown({ account }: Place, resource: ResourceKey): Resource {
  const [kind, database = "", name = ""] = resource.split("/");
  if (kind === "catalog") return { Catalog: {} };
  if (kind === "location")
    return { DataLocation: { CatalogId: account, ResourceArn: resource.slice("location/".length) } };
  if (kind === "database") return { Database: { CatalogId: account, Name: database } };
  const table = { CatalogId: account, DatabaseName: database };
  return name === "*" ? { Table: { ...table, TableWildcard: {} } } : { Table: { ...table, Name: name } };
}

/** Whoever grants has to administer the data lake, or hold what is granted with the option to grant it. */
function mayGrant(
  world: World,
  call: Call,
  place: Place,
  resource: ResourceKey,
  permissions: readonly string[],
) {
  const { principalArn } = call.caller;
  if (isAdmin(world.store, place, principalArn)) return;
  const own = grantedTo(world.store, place, principalArn, resource)?.grantable ?? [];
  if (permissions.every((each) => own.includes(each) || own.includes("ALL"))) return;
  throw new AwsError(
    "AccessDeniedException",
    `Resource does not exist or requester is not authorized to access requested permissions.`,
  );
}

export function grantPermissions(world: World, call: Call, request: GrantRequest): Record<string, unknown> {
  change(world, call, request, "grant");
  return {};
}

export function revokePermissions(world: World, call: Call, request: GrantRequest): Record<string, unknown> {
  change(world, call, request, "revoke");
  return {};
}

export function change(world: World, call: Call, request: GrantRequest, how: "grant" | "revoke"): void {
  const place = placeOf(call, request.CatalogId);
  const principal = request.Principal?.DataLakePrincipalIdentifier;
  const permissions = request.Permissions ?? [];
  if (!principal) throw invalid("Principal is required");
  if (permissions.length === 0) throw invalid("Permissions are required");
  const resource = resourceOf(world, place, request.Resource);
  mayGrant(world, call, place, resource, permissions);
  if (principal === IAM_ALLOWED) {
    if (resource.endsWith("/*"))
      for (const each of tablesOf(world, place, resource))
        setGoverned(world.store, place, each, how === "revoke");
    else setGoverned(world.store, place, resource, how === "revoke");
    return;
  }
  const option = request.PermissionsWithGrantOption ?? [];
  if (how === "grant") addGrant(world.store, place, principal, resource, permissions, option);
  else if (!removeGrant(world.store, place, principal, resource, permissions, option))
    throw invalid("No permissions revoked. Grantee does not have:" + permissions.join());
}

function tablesOf(world: World, place: Place, wildcard: ResourceKey): ResourceKey[] {
  const prefix = `${placeKey(place)}/${wildcard.split("/")[1] ?? ""}/`;
  return [...tables(world.store).entries()]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, table]) => keyOfTable(table));
}

const keyOfTable = ({ DatabaseName, Name }: Table) => `table/${DatabaseName}/${Name}`;
const keyOfDatabase = ({ Name }: Database) => `database/${Name}`;

export interface ListRequest {
  readonly CatalogId?: string;
  readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
  readonly Resource?: Resource;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** All grants, those to IAM_ALLOWED_PRINCIPALS among them. */
export function listPermissions(world: World, call: Call, request: ListRequest): Record<string, unknown> {
  const place = placeOf(call, request.CatalogId);
  const key = placeKey(place);
  const wanted = request.Resource && resourceOf(world, place, request.Resource);
  const principal = request.Principal?.DataLakePrincipalIdentifier;
  const inPlace = (each: string) => each.startsWith(`${key}/`);
  const left = [
    ...[...databases(world.store).entries()]
      .filter(([each]) => inPlace(each))
      .map(([, one]) => keyOfDatabase(one)),
    ...[...tables(world.store).entries()].filter(([each]) => inPlace(each)).map(([, one]) => keyOfTable(one)),
  ].filter((resource) => !isGoverned(world.store, place, resource));
  const byIam = left.map((resource) => ({
    place: key,
    principal: IAM_ALLOWED,
    resource,
    permissions: ["ALL"],
    grantable: [],
  }));
  const found = [...byIam, ...[...grants(world.store).values()].filter((each) => each.place === key)]
    .filter((each) => wanted === undefined || each.resource === wanted)
    .filter((each) => principal === undefined || each.principal === principal)
    .map((each) => ({
      Principal: { DataLakePrincipalIdentifier: each.principal },
      Resource: shown(place, each.resource),
      Permissions: each.permissions,
      PermissionsWithGrantOption: each.grantable,
    }));
  const page = pageOf(found, request.NextToken, request.MaxResults ?? 100, "InvalidInputException");
  return {
    PrincipalResourcePermissions: page.items,
    ...(page.next ? { NextToken: page.next } : {}),
  };
}
