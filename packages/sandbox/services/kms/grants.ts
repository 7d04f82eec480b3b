/** Grants. Source: KMS API Reference, CreateGrant, ListGrants, RetireGrant, RevokeGrant. */
import { randomBytes } from "node:crypto";
import type { KmsGrant, RequestContext } from "@feature-store-access/iam";
import { AwsError, type Call, type World } from "../../core";
import { authorizeAccount, authorizeKey } from "./access";
import { endDryRun } from "./dryRun";
import { checkUsable, findKey, grants, page, seconds, text, type KeptGrant, type KmsKey } from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;
type Context = Readonly<Record<string, string>>;

const OPERATIONS = [
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
  "CreateGrant",
  "RetireGrant",
  "DescribeKey",
];

export interface NewGrant extends Omit<KmsGrant, "keyArn" | "grantId"> {
  readonly name?: string;
  readonly retiringPrincipal?: string;
}

export function createGrant(world: World, call: Call, input: Input): Output {
  const constraints = (input["Constraints"] ?? {}) as {
    EncryptionContextEquals?: Context | null;
    EncryptionContextSubset?: Context | null;
  };
  const { key } = findKey(world, call, input["KeyId"]);
  const asked: NewGrant = {
    granteePrincipal: text(input, "GranteePrincipal"),
    operations: (input["Operations"] ?? []) as string[],
    ...(constraints.EncryptionContextEquals
      ? { encryptionContextEquals: constraints.EncryptionContextEquals }
      : {}),
    ...(constraints.EncryptionContextSubset
      ? { encryptionContextSubset: constraints.EncryptionContextSubset }
      : {}),
    ...(typeof input["Name"] === "string" ? { name: input["Name"] } : {}),
    ...(typeof input["RetiringPrincipal"] === "string"
      ? { retiringPrincipal: input["RetiringPrincipal"] }
      : {}),
  };
  const grantId = grantOn(world, call, key, asked, () => endDryRun(input));
  return { GrantId: grantId, GrantToken: Buffer.from(grantId).toString("base64") };
}

/** Creates a grant as the caller, and returns its ID; repeating a grant with the same name returns the same grant. */
export function grantOn(
  world: World,
  call: Call,
  key: KmsKey,
  grant: NewGrant,
  beforeChange: () => void = () => undefined,
): string {
  const unknown = grant.operations.filter((operation) => !OPERATIONS.includes(operation));
  if (unknown.length > 0 || grant.operations.length === 0)
    throw new AwsError(
      "ValidationException",
      `Value '[${grant.operations.join(", ")}]' at 'operations' failed to satisfy constraint: Member must satisfy enum value set: [${OPERATIONS.join(", ")}]`,
    );
  authorizeKey(world, call, "kms:CreateGrant", key, grantContext(call, grant));
  checkUsable(key);
  if (!isPrincipal(world, grant.granteePrincipal))
    throw new AwsError(
      "InvalidArnException",
      `ARN does not refer to a valid principal: ${grant.granteePrincipal}`,
    );
  const same = [...grants(world).values()].find(
    (kept) =>
      grant.name !== undefined &&
      kept.keyArn === key.arn &&
      kept.name === grant.name &&
      kept.granteePrincipal === grant.granteePrincipal,
  );
  beforeChange();
  if (same) return same.grantId;
  const grantId = randomBytes(32).toString("hex");
  grants(world).set(grantId, {
    ...grant,
    grantId,
    keyArn: key.arn,
    created: world.now().toISOString(),
    issuingAccount: call.caller.account,
  });
  return grantId;
}

export function listGrants(world: World, call: Call, input: Input): Output {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:ListGrants", key);
  const all = [...grants(world).values()].filter(
    (grant) =>
      grant.keyArn === key.arn &&
      (input["GrantId"] === undefined || grant.grantId === input["GrantId"]) &&
      (input["GranteePrincipal"] === undefined || grant.granteePrincipal === input["GranteePrincipal"]),
  );
  const { items, rest } = page(all, input, 50);
  return { Grants: items.map(shown), ...rest };
}

export function listRetirableGrants(world: World, call: Call, input: Input): Output {
  authorizeAccount(world, call, "kms:ListRetirableGrants");
  const principal = text(input, "RetiringPrincipal");
  const { items, rest } = page(
    [...grants(world).values()].filter(({ retiringPrincipal }) => retiringPrincipal === principal),
    input,
    50,
  );
  return { Grants: items.map(shown), ...rest };
}

export function revokeGrant(world: World, call: Call, input: Input): Output {
  const { key } = findKey(world, call, input["KeyId"]);
  const grant = grants(world).get(text(input, "GrantId"));
  const context = { "kms:GrantIsForAWSResource": String(isForAwsResource(call)) };
  authorizeKey(world, call, "kms:RevokeGrant", key, context);
  if (grant?.keyArn !== key.arn)
    throw new AwsError("NotFoundException", `Grant ID ${text(input, "GrantId")} not found`);
  endDryRun(input);
  grants(world).delete(grant.grantId);
  return {};
}

export function retireGrant(world: World, call: Call, input: Input): Output {
  const token =
    typeof input["GrantToken"] === "string"
      ? Buffer.from(input["GrantToken"], "base64").toString()
      : undefined;
  const grant = grants(world).get(token ?? text(input, "GrantId"));
  if (!grant) throw new AwsError("NotFoundException", "Grant not found");
  retire(world, call, grant, () => endDryRun(input));
  return {};
}

/** The retiring principal may do it by the grant itself; all others need kms:RetireGrant. */
export function retire(
  world: World,
  call: Call,
  grant: KeptGrant,
  beforeChange: () => void = () => undefined,
): void {
  const { key } = findKey(world, call, grant.keyArn);
  const { arn, principalArn } = call.caller;
  if (grant.retiringPrincipal !== arn && grant.retiringPrincipal !== principalArn)
    authorizeKey(world, call, "kms:RetireGrant", key);
  else noteAccessCheck(world, call);
  beforeChange();
  grants(world).delete(grant.grantId);
}

/** The grant itself names the caller, so the decision is ignored; the check only shows the server that access was considered. */
function noteAccessCheck(world: World, call: Call): void {
  world.allowed(call, { action: "kms:RetireGrant", resource: "*", resourceAccount: call.caller.account });
}

function grantContext(call: Call, grant: NewGrant): RequestContext {
  const constraint = grant.encryptionContextEquals
    ? "EncryptionContextEquals"
    : grant.encryptionContextSubset
      ? "EncryptionContextSubset"
      : undefined;
  return {
    "kms:GranteePrincipal": grant.granteePrincipal,
    "kms:GrantOperations": [...grant.operations],
    "kms:GrantIsForAWSResource": String(isForAwsResource(call)),
    ...(grant.retiringPrincipal ? { "kms:RetiringPrincipal": grant.retiringPrincipal } : {}),
    ...(constraint ? { "kms:GrantConstraintType": constraint } : {}),
  };
}

function isForAwsResource(call: Call): boolean {
  return call.context["kms:ViaService"] !== undefined;
}

function isPrincipal(world: World, principal: string): boolean {
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(principal)) return true;
  try {
    world.principals.keep(
      {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Principal: { AWS: principal }, Action: "kms:*", Resource: "*" },
      },
      "MalformedPolicyDocumentException",
    );
    return principal !== "*";
  } catch {
    return false;
  }
}

function shown(grant: KeptGrant): Output {
  const {
    encryptionContextEquals: EncryptionContextEquals,
    encryptionContextSubset: EncryptionContextSubset,
  } = grant;
  const constrained = EncryptionContextEquals ?? EncryptionContextSubset;
  return {
    KeyId: grant.keyArn,
    GrantId: grant.grantId,
    ...(grant.name === undefined ? {} : { Name: grant.name }),
    CreationDate: seconds(grant.created),
    GranteePrincipal: grant.granteePrincipal,
    ...(grant.retiringPrincipal === undefined ? {} : { RetiringPrincipal: grant.retiringPrincipal }),
    IssuingAccount: `arn:aws:iam::${grant.issuingAccount}:root`,
    Operations: grant.operations,
    ...(constrained ? { Constraints: { EncryptionContextEquals, EncryptionContextSubset } } : {}),
  };
}
