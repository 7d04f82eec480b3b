/**
 * AWS Lake Formation: permissions on the Data Catalog. Source: "AWS Lake Formation API Reference", version 2017-03-31,
 * https://docs.aws.amazon.com/lake-formation/latest/APIReference/Welcome.html
 */
import type { Call, LakeFormationPort, ServiceRequest, World } from "../../core";
import { restJson } from "../../protocol/restJson";
import { defineService } from "../../protocol/service";
import { begin, enforce, requireLocation, requirePermission } from "./enforce";
import * as locations from "./locations";
import { shapes } from "./model";
import * as permissions from "./permissions";
import { getSettings, putSettings, settingsOf } from "./state";

export const lakeFormation = defineService({
  name: "lakeformation",
  protocol: restJson(),
  invalid: "InvalidInputException",
  operations: {
    GetDataLakeSettings: { shape: shapes.GetDataLakeSettings, run: permitted(getSettings) },
    PutDataLakeSettings: { shape: shapes.PutDataLakeSettings, run: permitted(putSettings) },
    GrantPermissions: { shape: shapes.GrantPermissions, run: permitted(permissions.grantPermissions) },
    RevokePermissions: { shape: shapes.RevokePermissions, run: permitted(permissions.revokePermissions) },
    BatchGrantPermissions: {
      shape: shapes.BatchGrantPermissions,
      run: permitted(permissions.batch("grant")),
    },
    BatchRevokePermissions: {
      shape: shapes.BatchRevokePermissions,
      run: permitted(permissions.batch("revoke")),
    },
    ListPermissions: { shape: shapes.ListPermissions, run: permitted(permissions.listPermissions) },
    RegisterResource: { shape: shapes.RegisterResource, run: permitted(locations.registerResource) },
    DescribeResource: { shape: shapes.DescribeResource, run: permitted(locations.describeResource) },
    DeregisterResource: { shape: shapes.DeregisterResource, run: permitted(locations.deregisterResource) },
    ListResources: { shape: shapes.ListResources, run: permitted(locations.listResources) },
  },
  port: (world): LakeFormationPort => ({
    enforce: (call, ...access) => enforce(world, call, ...access),
    requirePermission: (call, ...access) => requirePermission(world, call, ...access),
    requireLocation: (call, ...location) => requireLocation(world, call, ...location),
    begin: (call, ...resource) => begin(world, call, ...resource),
    tableDefaults: (place) => settingsOf(world.store, place).CreateTableDefaultPermissions ?? [],
  }),
});

/**
 * First checks that the caller may do the operation in its own account: no account reads or sets another's Lake Formation. Permissions,
 * however, may be passed on in another account that permits it; each of those operations checks this itself.
 */
function permitted<Input extends { readonly CatalogId?: string }>(
  run: (world: World, call: Call, input: Input) => object,
) {
  return (world: World, call: Call, input: Input, { operation }: ServiceRequest) => {
    const { account } = call.caller;
    const isChange = /^(Batch)?(Grant|Revoke)Permissions$/.test(operation);
    world.authorize(call, {
      action: `lakeformation:${operation}`,
      resource: "*",
      resourceAccount: isChange ? account : (input.CatalogId ?? account),
      code: "AccessDeniedException",
    });
    return run(world, call, input);
  };
}
