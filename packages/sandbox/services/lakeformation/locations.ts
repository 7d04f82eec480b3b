/** Registered locations. Source: AWS Lake Formation API Reference, "RegisterResource". */
import { AwsError, type Call, type World } from "../../core";
import { placeKey, placeOf, registered } from "./state";

interface Request {
  readonly ResourceArn: string;
  readonly RoleArn?: string;
  readonly CatalogId?: string;
}

const keyOf = (call: Call, arn = "") => `${placeKey(placeOf(call))} ${arn}`;

/** @throws AwsError `EntityNotFoundException` */
function find(world: World, call: Call, arn: string) {
  const found = registered(world.store).get(keyOf(call, arn));
  if (!found) throw new AwsError("EntityNotFoundException", "Entity not found");
  return found;
}

export function registerResource(world: World, call: Call, { ResourceArn, RoleArn }: Request) {
  if (!ResourceArn.startsWith("arn:aws:s3:::"))
    throw new AwsError("InvalidInputException", `${ResourceArn} is not the ARN of an Amazon S3 location`);
  const key = keyOf(call, ResourceArn);
  if (registered(world.store).has(key))
    throw new AwsError("AlreadyExistsException", "Resource is already registered");
  const linked = "aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess";
  const role = RoleArn ?? `arn:aws:iam::${call.caller.account}:role/${linked}`;
  registered(world.store).set(key, { ResourceArn, RoleArn: role });
  return {};
}

export const describeResource = (world: World, call: Call, { ResourceArn }: Request) => ({
  ResourceInfo: find(world, call, ResourceArn),
});

export function deregisterResource(world: World, call: Call, { ResourceArn }: Request) {
  find(world, call, ResourceArn);
  registered(world.store).delete(keyOf(call, ResourceArn));
  return {};
}

export function listResources(world: World, call: Call) {
  const own = [...registered(world.store).entries()].filter(([key]) => key.startsWith(keyOf(call)));
  return { ResourceInfoList: own.map(([, resource]) => resource) };
}
