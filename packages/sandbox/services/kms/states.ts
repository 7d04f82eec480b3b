/** The states of keys: enabled, disabled, pending deletion. Source: KMS Developer Guide, "Key states". */
import { AwsError, type Call, type World } from "../../core";
import { authorizeKey } from "./access";
import { checkNotPending, findKey, keys, seconds } from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** EnableKey, DisableKey, CancelKeyDeletion: sets the resulting state. */
export function setState(action: "EnableKey" | "DisableKey" | "CancelKeyDeletion") {
  return (world: World, call: Call, input: Input): Output => {
    const { key } = findKey(world, call, input["KeyId"]);
    authorizeKey(world, call, `kms:${action}`, key);
    if (action !== "CancelKeyDeletion") checkNotPending(key);
    else if (key.state !== "PendingDeletion")
      throw new AwsError("KMSInvalidStateException", `${key.arn} is not pending deletion.`);
    key.state = action === "EnableKey" ? "Enabled" : "Disabled";
    delete key.deletionDate;
    keys(world).touch();
    return action === "CancelKeyDeletion" ? { KeyId: key.arn } : {};
  };
}

export function scheduleKeyDeletion(world: World, call: Call, input: Input): Output {
  const { key } = findKey(world, call, input["KeyId"]);
  const days = input["PendingWindowInDays"] === undefined ? 30 : Number(input["PendingWindowInDays"]);
  if (!Number.isInteger(days) || days < 7 || days > 30)
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value ${days < 7 ? "greater than or equal to 7" : "less than or equal to 30"}`,
    );
  authorizeKey(world, call, "kms:ScheduleKeyDeletion", key, {
    "kms:ScheduleKeyDeletionPendingWindowInDays": String(days),
  });
  if (key.manager === "AWS")
    throw new AwsError("AccessDeniedException", "AWS managed keys cannot be deleted.");
  checkNotPending(key);
  key.state = "PendingDeletion";
  key.deletionDate = new Date(world.now().getTime() + days * 86_400_000).toISOString();
  keys(world).touch();
  return {
    KeyId: key.arn,
    DeletionDate: seconds(key.deletionDate),
    KeyState: key.state,
    PendingWindowInDays: days,
  };
}

export function updateKeyDescription(world: World, call: Call, input: Input): Output {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:UpdateKeyDescription", key);
  checkNotPending(key);
  key.description = typeof input["Description"] === "string" ? input["Description"] : "";
  keys(world).touch();
  return {};
}
