/**
 * Lake Formation in the store: settings, permissions and registered locations, by account and region.
 * Source: AWS Lake Formation Developer Guide, "Changing the default settings for your data lake".
 */
import type { Call, Collection, Place, Store, World } from "../../core";

/** The group of all principals that IAM policies allow: if it has ALL, Lake Formation requires nothing. */
export const IAM_ALLOWED = "IAM_ALLOWED_PRINCIPALS";

export interface PrincipalPermissions {
  readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
  readonly Permissions?: readonly string[];
}

export interface DataLakeSettings {
  readonly DataLakeAdmins?: readonly { readonly DataLakePrincipalIdentifier: string }[];
  readonly CreateDatabaseDefaultPermissions?: readonly PrincipalPermissions[];
  readonly CreateTableDefaultPermissions?: readonly PrincipalPermissions[];
  readonly [member: string]: unknown;
}

/** `catalog`, `database/NAME`, `table/DATABASE/NAME` or `location/ARN`. */
export type ResourceKey = string;

export interface Grant {
  readonly place: string;
  readonly principal: string;
  readonly resource: ResourceKey;
  permissions: readonly string[];
  grantable: readonly string[];
}

export const placeKey = ({ account, region }: Place) => `${account}/${region}`;
export const placeOf = (call: Call, catalogId?: string | null): Place => ({
  account: catalogId ?? call.caller.account,
  region: call.region,
});

const ALL_BY_IAM: readonly PrincipalPermissions[] = [
  { Principal: { DataLakePrincipalIdentifier: IAM_ALLOWED }, Permissions: ["ALL"] },
];

const settings = (store: Store): Collection<DataLakeSettings> => store.collection("lakeformation.settings");
export const grants = (store: Store): Collection<Grant> => store.collection("lakeformation.grants");
/** Databases and tables without IAM_ALLOWED_PRINCIPALS. */
export const governed = (store: Store): Collection<true> => store.collection("lakeformation.governed");
/** Registered locations by place and ARN: the role that Lake Formation reads them as. */
export const registered = (store: Store): Collection<{ ResourceArn: string; RoleArn: string }> =>
  store.collection("lakeformation.resources");

/** Without settings, IAM decides. */
export function settingsOf(store: Store, place: Place): DataLakeSettings {
  return (
    settings(store).get(placeKey(place)) ?? {
      DataLakeAdmins: [],
      CreateDatabaseDefaultPermissions: ALL_BY_IAM,
      CreateTableDefaultPermissions: ALL_BY_IAM,
    }
  );
}

export const getSettings = ({ store }: World, call: Call, { CatalogId }: { CatalogId?: string }) => ({
  DataLakeSettings: settingsOf(store, placeOf(call, CatalogId)),
});

export function putSettings(
  { store }: World,
  call: Call,
  { CatalogId, DataLakeSettings }: { CatalogId?: string; DataLakeSettings: DataLakeSettings },
) {
  settings(store).set(placeKey(placeOf(call, CatalogId)), DataLakeSettings);
  return {};
}

export const leavesToIam = (defaults: readonly PrincipalPermissions[] = []): boolean =>
  defaults.some(({ Principal }) => Principal?.DataLakePrincipalIdentifier === IAM_ALLOWED);

export const isAdmin = (store: Store, place: Place, principal: string): boolean =>
  (settingsOf(store, place).DataLakeAdmins ?? []).some(
    ({ DataLakePrincipalIdentifier }) => DataLakePrincipalIdentifier === principal,
  );

export const isGoverned = (store: Store, place: Place, resource: ResourceKey): boolean =>
  governed(store).has(`${placeKey(place)} ${resource}`);

export function setGoverned(store: Store, place: Place, resource: ResourceKey, value: boolean): void {
  const key = `${placeKey(place)} ${resource}`;
  if (value) governed(store).set(key, true);
  else governed(store).delete(key);
}

const grantKey = (place: Place, principal: string, resource: ResourceKey) =>
  `${placeKey(place)} ${principal} ${resource}`;

/** @param own may be empty, if only the grant option is added */
export function addGrant(
  store: Store,
  place: Place,
  principal: string,
  resource: ResourceKey,
  own: readonly string[],
  grantable: readonly string[] = [],
): void {
  const key = grantKey(place, principal, resource);
  const before = grants(store).get(key);
  grants(store).set(key, {
    place: placeKey(place),
    principal,
    resource,
    permissions: [...new Set([...(before?.permissions ?? []), ...own])],
    grantable: [...new Set([...(before?.grantable ?? []), ...grantable])],
  });
}

/** @returns false if the principal did not have all of the permissions */
export function removeGrant(
  store: Store,
  place: Place,
  principal: string,
  resource: ResourceKey,
  own: readonly string[],
  grantable: readonly string[] = [],
): boolean {
  const key = grantKey(place, principal, resource);
  const before = grants(store).get(key);
  if (!before || !own.every((each) => before.permissions.includes(each))) return false;
  const permissions = before.permissions.filter((each) => !own.includes(each));
  const left = before.grantable.filter((each) => !grantable.includes(each) && !own.includes(each));
  if (permissions.length === 0) grants(store).delete(key);
  else grants(store).set(key, { ...before, permissions, grantable: left });
  return true;
}

/** The principal's permissions on the resource. */
export function grantedTo(
  store: Store,
  place: Place,
  principal: string,
  resource: ResourceKey,
): Grant | undefined {
  return grants(store).get(grantKey(place, principal, resource));
}
