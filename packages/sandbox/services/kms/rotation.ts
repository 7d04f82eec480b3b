/** Rotation of key material: the yearly switch, and on demand. */
import { randomBytes } from "node:crypto";
import { AwsError, type Call, type World } from "../../core";
import { authorizeKey } from "./access";
import { checkUsable, findKey, keys, seconds, type KmsKey } from "./state";

type Input = Readonly<Record<string, unknown>>;

export function setRotation(action: "EnableKeyRotation" | "DisableKeyRotation") {
  return (world: World, call: Call, input: Input): Record<string, unknown> => {
    const { key } = findKey(world, call, input["KeyId"]);
    const days = input["RotationPeriodInDays"] === undefined ? 365 : Number(input["RotationPeriodInDays"]);
    authorizeKey(
      world,
      call,
      `kms:${action}`,
      key,
      action === "EnableKeyRotation" ? { "kms:RotationPeriodInDays": String(days) } : {},
    );
    checkRotatable(key);
    if (!Number.isInteger(days) || days < 90 || days > 2560)
      throw new AwsError("ValidationException", "RotationPeriodInDays must be a number from 90 to 2560");
    key.rotation.enabled = action === "EnableKeyRotation";
    if (key.rotation.enabled) key.rotation.days = days;
    keys(world).touch();
    return {};
  };
}

export function getKeyRotationStatus(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:GetKeyRotationStatus", key);
  const { enabled, days } = key.rotation;
  if (!enabled || key.state === "PendingDeletion") return { KeyId: key.arn, KeyRotationEnabled: false };
  return {
    KeyId: key.arn,
    KeyRotationEnabled: true,
    RotationPeriodInDays: days,
    NextRotationDate: seconds(key.created) + days * 86_400,
  };
}

export function rotateKeyOnDemand(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:RotateKeyOnDemand", key);
  checkRotatable(key);
  if (key.rotation.onDemand.length >= 10)
    throw new AwsError("LimitExceededException", "A key can be rotated on demand ten times.");
  key.material.push(randomBytes(32).toString("base64"));
  key.rotation.onDemand.push(world.now().toISOString());
  keys(world).touch();
  return { KeyId: key.arn };
}

export function listKeyRotations(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:ListKeyRotations", key);
  const rotations = key.rotation.onDemand.map((date) => ({
    KeyId: key.arn,
    RotationDate: seconds(date),
    RotationType: "ON_DEMAND",
  }));
  return { Rotations: rotations, Truncated: false };
}

function checkRotatable(key: KmsKey): void {
  checkUsable(key);
  if (key.spec !== "SYMMETRIC_DEFAULT")
    throw new AwsError(
      "UnsupportedOperationException",
      `${key.arn} is of type ${key.spec}: only symmetric encryption keys are rotated.`,
    );
  if (key.manager === "AWS")
    throw new AwsError("AccessDeniedException", "The rotation of an AWS managed key cannot be changed.");
}
