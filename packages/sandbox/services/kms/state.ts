/** Keys, aliases and grants as the sandbox stores them. */
import type { KmsGrant, PolicyDocument } from "@feature-store-access/iam";
import { AwsError, type Call, type Collection, type World } from "../../core";

export interface KmsKey {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly created: string;
  readonly spec: string;
  readonly usage: string;
  readonly multiRegion: boolean;
  readonly manager: "CUSTOMER" | "AWS";
  /** 32 bytes in Base64, newest last: rotation adds one, and older ones still decrypt. */
  readonly material: string[];
  description: string;
  state: "Enabled" | "Disabled" | "PendingDeletion";
  deletionDate?: string;
  /** As stored: unique IDs instead of the ARNs of roles and users. */
  policy: PolicyDocument;
  tags: Record<string, string>;
  rotation: { enabled: boolean; days: number; onDemand: string[] };
}

export interface KmsAlias {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly created: string;
  updated: string;
  keyId: string;
}

export interface KeptGrant extends KmsGrant {
  readonly grantId: string;
  readonly name?: string;
  readonly created: string;
  readonly retiringPrincipal?: string;
  readonly issuingAccount: string;
}

export const keys = (world: World): Collection<KmsKey> => world.store.collection("kms.keys");
export const aliases = (world: World): Collection<KmsAlias> => world.store.collection("kms.aliases");
export const grants = (world: World): Collection<KeptGrant> => world.store.collection("kms.grants");

/** KMS has one partition here, like the sandbox's accounts. */
export function keyArn(region: string, account: string, id: string): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

export function aliasArn(region: string, account: string, name: string): string {
  return `arn:aws:kms:${region}:${account}:${name}`;
}

/**
 * The key that a request names: a key ID or alias name of the caller's account and region, or an ARN of any account. Throws
 * NotFoundException. Also says whether the request named an alias, for `kms:RequestAlias`.
 */
export function findKey(world: World, call: Call, given: unknown): { key: KmsKey; alias?: string } {
  if (typeof given !== "string" || given === "")
    throw new AwsError(
      "ValidationException",
      "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    );
  const { account } = call.caller;
  const arn = given.startsWith("arn:")
    ? given
    : given.startsWith("alias/")
      ? aliasArn(call.region, account, given)
      : keyArn(call.region, account, given);
  const resource = arn.split(":").slice(5).join(":");
  if (resource.startsWith("alias/")) {
    const alias = aliases(world).get(arn) ?? awsManaged(world, arn);
    const key = alias && keys(world).get(keyArn(alias.region, alias.account, alias.keyId));
    if (key?.region === call.region) return { key, alias: resource };
    throw new AwsError("NotFoundException", `Alias ${arn} is not found.`);
  }
  const key = keys(world).get(arn);
  if (key && key.region === call.region) return { key };
  if (given.startsWith("arn:") || /^(mrk-)?[0-9a-f-]{32,36}$/.test(given))
    throw new AwsError("NotFoundException", `Key '${arn}' does not exist`);
  throw new AwsError("NotFoundException", `Invalid keyId ${given}`);
}

/** An AWS managed key is created on its first use. */
function awsManaged(world: World, arn: string): KmsAlias | undefined {
  const match = /^arn:aws:kms:([^:]+):(\d{12}):(alias\/aws\/(s3|sagemaker|glue|kms))$/.exec(arn);
  if (!match || !world.accountExists(match[2] ?? "")) return undefined;
  return makeAwsManaged(world, match[1] ?? "", match[2] ?? "", match[3] ?? "");
}

/** Set by `keys.ts`, which creates keys. */
let makeAwsManaged: (world: World, region: string, account: string, name: string) => KmsAlias;

export function onAwsManaged(make: typeof makeAwsManaged): void {
  makeAwsManaged = make;
}

/** Source: KMS Developer Guide, "Key states". @throws AwsError with AWS's error for a key in this state */
export function checkUsable(key: KmsKey): void {
  if (key.state === "Disabled") throw new AwsError("DisabledException", `${key.arn} is disabled.`);
  checkNotPending(key);
}

export function checkNotPending(key: KmsKey): void {
  if (key.state === "PendingDeletion")
    throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
}

/** A time as the JSON protocol writes it: seconds since 1970. */
export function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** Text of a required member. */
export function text(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** One page of a list, by `Limit` and `Marker`. */
export function page<T>(
  all: readonly T[],
  input: Readonly<Record<string, unknown>>,
  fallback = 100,
): { items: readonly T[]; rest: Record<string, unknown> } {
  const from = typeof input["Marker"] === "string" ? Number(input["Marker"]) : 0;
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError("InvalidMarkerException", "The marker is not valid.");
  const limit = typeof input["Limit"] === "number" ? input["Limit"] : fallback;
  const truncated = from + limit < all.length;
  return {
    items: all.slice(from, from + limit),
    rest: { Truncated: truncated, ...(truncated ? { NextMarker: String(from + limit) } : {}) },
  };
}
