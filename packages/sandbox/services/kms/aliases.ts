/** Aliases: names of keys within an account and region. Both the alias and the key are checked. */
import { AwsError, type Call, type World } from "../../core";
import { authorizeAccount, authorizeKey } from "./access";
import { aliasArn, aliases, checkNotPending, findKey, page, seconds, text, type KmsAlias } from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

export function createAlias(world: World, call: Call, input: Input): Output {
  const name = aliasName(input);
  const { key } = ownKey(world, call, input["TargetKeyId"]);
  const arn = aliasArn(call.region, call.caller.account, name);
  authorizeAccount(world, call, "kms:CreateAlias", arn);
  authorizeKey(world, call, "kms:CreateAlias", key);
  checkNotPending(key);
  if (aliases(world).has(arn))
    throw new AwsError("AlreadyExistsException", `An alias with the name ${arn} already exists`);
  const now = world.now().toISOString();
  aliases(world).set(arn, {
    name,
    arn,
    account: call.caller.account,
    region: call.region,
    created: now,
    updated: now,
    keyId: key.id,
  });
  return {};
}

export function updateAlias(world: World, call: Call, input: Input): Output {
  const alias = findAlias(world, call, input);
  const { key } = ownKey(world, call, input["TargetKeyId"]);
  const { key: before } = findKey(world, call, alias.keyId);
  authorizeAccount(world, call, "kms:UpdateAlias", alias.arn);
  for (const each of [before, key]) authorizeKey(world, call, "kms:UpdateAlias", each);
  if (before.spec !== key.spec || before.usage !== key.usage)
    throw new AwsError(
      "ValidationException",
      "The current and the new key must be of the same type and usage.",
    );
  checkNotPending(key);
  alias.keyId = key.id;
  alias.updated = world.now().toISOString();
  aliases(world).touch();
  return {};
}

export function deleteAlias(world: World, call: Call, input: Input): Output {
  const alias = findAlias(world, call, input);
  const { key } = findKey(world, call, alias.keyId);
  authorizeAccount(world, call, "kms:DeleteAlias", alias.arn);
  authorizeKey(world, call, "kms:DeleteAlias", key);
  aliases(world).delete(alias.arn);
  return {};
}

export function listAliases(world: World, call: Call, input: Input): Output {
  authorizeAccount(world, call, "kms:ListAliases");
  const { account } = call.caller;
  const wanted = input["KeyId"] === undefined ? undefined : findKey(world, call, input["KeyId"]).key.id;
  const own = [...aliases(world).values()]
    .filter(
      (alias) =>
        alias.account === account &&
        alias.region === call.region &&
        (wanted === undefined || alias.keyId === wanted),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, rest } = page(own, input, 50);
  const shown = items.map(({ name, arn, keyId, created, updated }) => ({
    AliasName: name,
    AliasArn: arn,
    TargetKeyId: keyId,
    CreationDate: seconds(created),
    LastUpdatedDate: seconds(updated),
  }));
  return { Aliases: shown, ...rest };
}

function aliasName(input: Input): string {
  const name = text(input, "AliasName");
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name) || name.length > 256)
    throw new AwsError(
      "InvalidAliasNameException",
      `Alias must start with the prefix "alias/" and have letters, digits, /, _ and - only: ${name}`,
    );
  if (name.startsWith("alias/aws/")) throw new AwsError("NotAuthorizedException", "");
  return name;
}

function findAlias(world: World, call: Call, input: Input): KmsAlias {
  const arn = aliasArn(call.region, call.caller.account, aliasName(input));
  const alias = aliases(world).get(arn);
  if (alias) return alias;
  // Only callers with the permission learn whether an alias exists.
  authorizeAccount(world, call, "kms:DeleteAlias", arn);
  throw new AwsError("NotFoundException", `Alias ${arn} is not found.`);
}

/** The target by key ID or ARN, which has to be in the alias's own account. */
function ownKey(world: World, call: Call, given: unknown): ReturnType<typeof findKey> {
  if (typeof given === "string" && (given.startsWith("alias/") || given.includes(":alias/")))
    throw new AwsError("ValidationException", "Aliases must refer to keys. Not aliases");
  const found = findKey(world, call, given);
  if (found.key.account !== call.caller.account)
    throw new AwsError("NotFoundException", `Key '${found.key.arn}' does not exist`);
  return found;
}
