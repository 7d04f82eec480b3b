/** Permissions of Lake Formation. Source: AWS Lake Formation API Reference, "Permissions API". */
import { AwsError, type Call, type Place, type World } from "../../core";
import { pageOf } from "../../protocol/pages";
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
  type ResourceKey,
} from "./state";

interface Named {
  readonly CatalogId?: string;
  readonly DatabaseName?: string;
  readonly Name?: string;
  readonly TableWildcard?: object;
  readonly ResourceArn?: string;
}
interface Resource {
  readonly Catalog?: object;
  readonly Database?: Named;
  readonly Table?: Named;
  readonly TableWithColumns?: Named;
  readonly DataLocation?: Named;
}
interface GrantRequest {
  readonly CatalogId?: string;
  readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
  readonly Resource?: Resource;
  readonly Permissions?: readonly string[];
  readonly PermissionsWithGrantOption?: readonly string[];
}

const invalid = (message: string) => new AwsError("InvalidInputException", message);

/** @throws AwsError `InvalidInputException` for a kind that the sandbox lacks, `EntityNotFoundException` for an absent resource. */
function resourceOf(world: World, place: Place, resource: Resource = {}): ResourceKey {
  if (resource.Catalog) return "catalog";
  if (resource.DataLocation) return `location/${resource.DataLocation.ResourceArn}`;
  const known = world.services.glue.resources(place);
  if (resource.Database) {
    const name = (resource.Database.Name ?? "").toLowerCase();
    if (!known.includes(`database/${name}`)) throw notFound(`Database not found: ${name}`);
    return `database/${name}`;
  }
  const table = resource.Table ?? resource.TableWithColumns;
  if (!table) throw invalid("Resource must have one of the have Catalog, Table, Database or DataLocation.");
  const database = (table.DatabaseName ?? "").toLowerCase();
  if (table.TableWildcard) return `table/${database}/*`;
  const name = (table.Name ?? "").toLowerCase();
  if (!known.includes(`table/${database}/${name}`)) throw notFound(`Table not found: ${name}`);
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

/** The caller has to administer the data lake, or hold the permissions with the grant option. */
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

export function grantPermissions(world: World, call: Call, request: GrantRequest) {
  change(world, call, request, "grant");
  return {};
}

export function revokePermissions(world: World, call: Call, request: GrantRequest) {
  change(world, call, request, "revoke");
  return {};
}

interface BatchRequest {
  readonly CatalogId?: string;
  readonly Entries: readonly (GrantRequest & { readonly Id?: string })[];
}

export const batch =
  (how: "grant" | "revoke") =>
  (world: World, call: Call, { CatalogId, Entries }: BatchRequest) => {
    const Failures: object[] = [];
    for (const entry of Entries)
      try {
        change(world, call, { ...(CatalogId ? { CatalogId } : {}), ...entry }, how);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failures.push({ RequestEntry: entry, Error: { ErrorCode: error.code, ErrorMessage: error.message } });
      }
    return { Failures };
  };

function change(world: World, call: Call, request: GrantRequest, how: "grant" | "revoke"): void {
  const place = placeOf(call, request.CatalogId);
  const principal = request.Principal?.DataLakePrincipalIdentifier;
  const permissions = request.Permissions ?? [];
  if (!principal) throw invalid("Principal is required");
  if (permissions.length === 0) throw invalid("Permissions are required");
  const resource = resourceOf(world, place, request.Resource);
  mayGrant(world, call, place, resource, permissions);
  if (principal === IAM_ALLOWED) {
    if (resource.endsWith("/*"))
      for (const each of world.services.glue.resources(place).filter(isIn(resource)))
        setGoverned(world.store, place, each, how === "revoke");
    else setGoverned(world.store, place, resource, how === "revoke");
    return;
  }
  const option = request.PermissionsWithGrantOption ?? [];
  if (how === "grant") addGrant(world.store, place, principal, resource, permissions, option);
  else if (!removeGrant(world.store, place, principal, resource, permissions, option))
    throw invalid("No permissions revoked. Grantee does not have:" + permissions.join());
}

/** @param wildcard `table/DATABASE/*` */
const isIn = (wildcard: ResourceKey) => (resource: ResourceKey) => resource.startsWith(wildcard.slice(0, -1));

interface ListRequest {
  readonly CatalogId?: string;
  readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
  readonly Resource?: Resource;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** Lists all permissions, including those of IAM_ALLOWED_PRINCIPALS. */
export function listPermissions(world: World, call: Call, request: ListRequest) {
  const place = placeOf(call, request.CatalogId);
  const key = placeKey(place);
  const wanted = request.Resource && resourceOf(world, place, request.Resource);
  const principal = request.Principal?.DataLakePrincipalIdentifier;
  const byIam = world.services.glue
    .resources(place)
    .filter((resource) => !isGoverned(world.store, place, resource))
    .map((resource) => ({
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
    NextToken: page.next,
  };
}
