/** AWS Lake Formation: who governs the Data Catalog. Source: AWS Lake Formation API Reference, version 2017-03-31. */
import { AwsError, type Call, type World } from "../../core";
import { restJson } from "../../protocol/restJson";
import { defineService } from "../../protocol/service";
import { shapes } from "./model";
import {
  change,
  grantPermissions,
  listPermissions,
  revokePermissions,
  type GrantRequest,
  type ListRequest,
} from "./permissions";
import { placeKey, placeOf, registered, setSettings, settingsOf, type DataLakeSettings } from "./state";
import { checked } from "../../protocol/shape";

/** All members of the operations' requests: each operation looks at its own. */
type Input = Located &
  BatchRequest &
  GrantRequest &
  ListRequest & { readonly DataLakeSettings?: DataLakeSettings };
type Operation = (world: World, call: Call, input: Input) => Record<string, unknown>;

const operations: Readonly<Record<string, Operation>> = {
  GetDataLakeSettings: (world, call, { CatalogId }) => ({
    DataLakeSettings: settingsOf(world.store, placeOf(call, CatalogId)),
  }),
  PutDataLakeSettings(world, call, input) {
    if (!input.DataLakeSettings) throw new AwsError("InvalidInputException", "DataLakeSettings is required");
    setSettings(world.store, placeOf(call, input.CatalogId), input.DataLakeSettings);
    return {};
  },
  GrantPermissions: grantPermissions,
  RevokePermissions: revokePermissions,
  BatchGrantPermissions: (world, call, input) => batch(world, call, input, "grant"),
  BatchRevokePermissions: (world, call, input) => batch(world, call, input, "revoke"),
  ListPermissions: listPermissions,
  RegisterResource: registerResource,
  DescribeResource: (world, call, { ResourceArn = "" }) => ({
    ResourceInfo: find(world, call, ResourceArn),
  }),
  DeregisterResource(world, call, { ResourceArn = "" }) {
    find(world, call, ResourceArn);
    registered(world.store).delete(locationKey(call, ResourceArn));
    return {};
  },
  ListResources: (world, call) => ({
    ResourceInfoList: [...registered(world.store).entries()]
      .filter(([key]) => key.startsWith(`${placeKey(placeOf(call))} `))
      .map(([, resource]) => resource),
  }),
};

interface Located {
  readonly ResourceArn?: string;
  readonly RoleArn?: string;
  readonly UseServiceLinkedRole?: boolean;
}

const locationKey = (call: Call, arn: string) => `${placeKey(placeOf(call))} ${arn}`;

function find(world: World, call: Call, arn: string) {
  const found = registered(world.store).get(locationKey(call, arn));
  if (!found) throw new AwsError("EntityNotFoundException", "Entity not found");
  return found;
}

function registerResource(world: World, call: Call, { ResourceArn = "", RoleArn }: Located) {
  if (!ResourceArn.startsWith("arn:aws:s3:::"))
    throw new AwsError("InvalidInputException", `${ResourceArn} is not the ARN of an Amazon S3 location`);
  const key = locationKey(call, ResourceArn);
  if (registered(world.store).has(key))
    throw new AwsError("AlreadyExistsException", "Resource is already registered");
  const linked = "aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess";
  const role = RoleArn ?? `arn:aws:iam::${call.caller.account}:role/${linked}`;
  registered(world.store).set(key, { ResourceArn, RoleArn: role });
  return {};
}

interface BatchRequest {
  readonly CatalogId?: string;
  readonly Entries?: readonly (GrantRequest & { readonly Id?: string })[];
}

function batch(world: World, call: Call, { CatalogId, Entries = [] }: BatchRequest, how: "grant" | "revoke") {
  const Failures: object[] = [];
  for (const entry of Entries)
    try {
      change(world, call, { ...(CatalogId ? { CatalogId } : {}), ...entry }, how);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failures.push({ RequestEntry: entry, Error: { ErrorCode: error.code, ErrorMessage: error.message } });
    }
  return { Failures };
}

export const lakeFormation = defineService({
  name: "lakeformation",
  protocol: restJson,
  operations: Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [name, authorized(name, run)]),
  ),
});

/** Each checks its shape, and then the caller's permission for it. */
function authorized(name: string, run: Operation) {
  return {
    run(world: World, call: Call, input: Input): Record<string, unknown> {
      const shape = shapes[name];
      if (shape) checked(shape, input, "InvalidInputException");
      world.authorize(call, {
        action: `lakeformation:${name}`,
        resource: "*",
        resourceAccount: accountOf(call, name, input),
        code: "AccessDeniedException",
      });
      return run(world, call, input);
    },
  };
}

/**
 * Whose the request is about. Nobody sees or sets another account's Lake Formation; only its grants can be passed on by whom
 * that account let, which is looked at with each grant.
 */
function accountOf(call: Call, operation: string, { CatalogId }: Input): string {
  const { account } = call.caller;
  return /^(Batch)?(Grant|Revoke)Permissions$/.test(operation) ? account : (CatalogId ?? account);
}
