/**
 * Lake Formation's part in decisions about the Data Catalog: IAM and Lake Formation both have to allow. Resources with IAM_ALLOWED_PRINCIPALS are
 * left to IAM. Source: AWS Lake Formation Developer Guide, "Overview of Lake Formation permissions". Left out: LF-tags, cell filters, hybrid access
 * mode, and credentials that Lake Formation vends for registered locations (objects are read with the caller's own permissions).
 */
import { AwsError, type Call, type Place, type World } from "../../core";
import {
  addGrant,
  grantedTo,
  isAdmin,
  isGoverned,
  leavesToIam,
  registered,
  placeKey,
  setGoverned,
  settingsOf,
  type ResourceKey,
} from "./state";

const words = (permission: string) =>
  permission
    .toLowerCase()
    .replace(/(^|_)([a-z])/g, (_, gap: string, letter: string) => (gap ? " " : "") + letter.toUpperCase());

/** AWS's words: `Insufficient Lake Formation permission(s): Required Select on orders`. */
function insufficient(permission: string, name: string): AwsError {
  const message = `Insufficient Lake Formation permission(s): Required ${words(permission)} on ${name}`;
  return new AwsError("AccessDeniedException", message);
}

/** Any of these permissions includes DESCRIBE. */
const ANY: readonly string[] = [
  "DESCRIBE",
  "SELECT",
  "INSERT",
  "DELETE",
  "ALTER",
  "DROP",
  "CREATE_TABLE",
  "ALL",
];
/** Permissions that data lake administrators have on everything; reading or writing data is not included. */
const ADMINISTRATORS: readonly string[] = ["DESCRIBE", "ALTER", "DROP", "CREATE_TABLE", "CREATE_DATABASE"];

function has(world: World, call: Call, place: Place, resource: ResourceKey, permission: string): boolean {
  const { principalArn, account } = call.caller;
  if (ADMINISTRATORS.includes(permission) && isAdmin(world.store, place, principalArn)) return true;
  const accepted = permission === "DESCRIBE" ? ANY : [permission, "ALL"];
  const [kind, database] = resource.split("/");
  const resources = kind === "table" ? [resource, `table/${database}/*`] : [resource];
  return resources.some((each) =>
    [principalArn, account, `${account}:IAMPrincipals`].some((principal) =>
      grantedTo(world.store, place, principal, each)?.permissions.some((own) => accepted.includes(own)),
    ),
  );
}

/** The permission that an action of the Data Catalog needs, and the resource that it needs it on. */
const NEEDS: Readonly<Record<string, readonly ["catalog" | "database" | "table", string]>> = {
  CreateDatabase: ["catalog", "CREATE_DATABASE"],
  GetDatabase: ["database", "DESCRIBE"],
  DeleteDatabase: ["database", "DROP"],
  CreateTable: ["database", "CREATE_TABLE"],
  GetTable: ["table", "DESCRIBE"],
  UpdateTable: ["table", "ALTER"],
  DeleteTable: ["table", "DROP"],
  GetPartition: ["table", "SELECT"],
  GetPartitions: ["table", "SELECT"],
};

/** @throws AwsError `AccessDeniedException` unless Lake Formation leaves the resource to IAM or permits the action */
export function enforce(
  world: World,
  call: Call,
  action: string,
  place: Place,
  database?: string,
  table?: string,
): void {
  const [on, permission] = NEEDS[action] ?? [];
  if (on === undefined || permission === undefined) return;
  if (on === "catalog") {
    if (leavesToIam(settingsOf(world.store, place).CreateDatabaseDefaultPermissions)) return;
    if (!has(world, call, place, "catalog", permission)) throw insufficient(permission, "Catalog");
    return;
  }
  const resource = on === "table" ? `table/${database}/${table}` : `database/${database}`;
  requirePermission(world, call, place, resource, permission);
}

/** @param resource `database/NAME` or `table/DATABASE/NAME` */
export function requirePermission(
  world: World,
  call: Call,
  place: Place,
  resource: ResourceKey,
  permission: string,
): void {
  if (!isGoverned(world.store, place, resource)) return;
  if (has(world, call, place, resource, permission)) return;
  throw insufficient(permission, resource.slice(resource.lastIndexOf("/") + 1));
}

/** @throws AwsError `AccessDeniedException` if the location is registered, and the caller lacks DATA_LOCATION_ACCESS */
export function requireLocation(world: World, call: Call, place: Place, location: string): void {
  const arn = location.replace(/^s3:\/\//, "arn:aws:s3:::");
  const key = placeKey(place);
  for (const [each, { ResourceArn }] of registered(world.store).entries()) {
    const isInside = arn === ResourceArn || arn.startsWith(`${ResourceArn.replace(/\/$/, "")}/`);
    if (!each.startsWith(`${key} `) || !isInside) continue;
    if (has(world, call, place, `location/${ResourceArn}`, "DATA_LOCATION_ACCESS")) return;
    throw new AwsError("AccessDeniedException", `Insufficient Lake Formation permission(s) on ${location}`);
  }
}

/** Leaves a new resource to IAM, or gives its creator all permissions on it, depending on the settings. */
export function begin(world: World, call: Call, place: Place, resource: ResourceKey): void {
  const { CreateDatabaseDefaultPermissions: databases, CreateTableDefaultPermissions: tables } = settingsOf(
    world.store,
    place,
  );
  const isFree = leavesToIam(resource.startsWith("table/") ? tables : databases);
  setGoverned(world.store, place, resource, !isFree);
  if (isFree) return;
  const all = resource.startsWith("table/")
    ? ["ALL", "SELECT", "INSERT", "DELETE", "DESCRIBE", "ALTER", "DROP"]
    : ["ALL", "CREATE_TABLE", "DESCRIBE", "ALTER", "DROP"];
  addGrant(world.store, place, call.caller.principalArn, resource, all, all);
}
