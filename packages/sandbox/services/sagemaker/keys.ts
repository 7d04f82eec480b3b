/**
 * The keys of a feature group: what Feature Store asks of them and of who creates the group.
 * Sources: "Security and access control" of Feature Store; API reference of OnlineStoreSecurityConfig and S3StorageConfig.
 */
import type { PolicyDocument } from "@feature-store-access/iam";
import { AwsError, callVia, type Call, type World } from "../../core";
import { sagemakerPrincipal } from "./role";
import { invalid } from "./state";

/** What the creator of an online store needs on its key, besides kms:ListAliases, which only IAM policies grant. */
const creatorActions = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:RetireGrant",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:ListGrants",
  "kms:RevokeGrant",
] as const;

/** What the grant of a feature group lets SageMaker do with the online store's key. */
const grantOperations = [
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
  "DescribeKey",
  "RetireGrant",
] as const;

/** The encryption context of a group's online records: CloudTrail shows by it whose data was read. */
export const onlineContext = (groupArn: string) => ({ "aws:sagemaker:featureGroupArn": groupArn });

/** The key's ARN, once it is found usable by Feature Store. Throws `ValidationException`, `AccessDeniedException`. */
export function checkKey(world: World, call: Call, keyId: string, store: "online" | "offline"): string {
  const key = inKms(() => world.services.kms.describeKey(callVia(call, "sagemaker"), keyId));
  if (key.keySpec !== "SYMMETRIC_DEFAULT" || key.keyUsage !== "ENCRYPT_DECRYPT")
    throw invalid(
      `The KMS key ${key.arn} of the ${store} store is not a symmetric encryption key. Feature Store supports only symmetric customer managed keys.`,
    );
  if (!key.enabled)
    throw invalid(
      `The KMS key ${key.arn} of the ${store} store is not enabled: its state is ${key.state}. Provide a key that is enabled.`,
    );
  return key.arn;
}

/** Throws `AccessDeniedException` unless the creator has the documented minimum on the online store's key. */
export function checkOnlineKey(world: World, call: Call, keyArn: string): void {
  const forwarded = forwardedGrant(call);
  for (const action of creatorActions) {
    if (!world.services.kms.allows(forwarded, keyArn, action)) throw deniedKey(call, action, keyArn);
  }
  world.authorize(forwarded, {
    action: "kms:ListAliases",
    resource: "*",
    resourceAccount: call.caller.account,
    code: "AccessDeniedException",
  });
}

/** The grant by which SageMaker uses the online store's key from now on. Returns its ID. */
export function grantOnlineKey(world: World, call: Call, keyArn: string, groupArn: string): string {
  return inKms(() =>
    world.services.kms.createGrant(
      forwardedGrant(call),
      keyArn,
      {
        granteePrincipal: sagemakerPrincipal,
        retiringPrincipal: sagemakerPrincipal,
        operations: grantOperations,
        encryptionContextSubset: onlineContext(groupArn),
      },
      `feature-store:${groupArn.slice(groupArn.lastIndexOf("/") + 1)}`,
    ),
  );
}

/**
 * Throws `ValidationException` unless the group's role may encrypt offline objects: S3 asks KMS for a data key in the role's
 * name. A policy that lets the key be used through SageMaker only makes the creation fail, as the document says, whatever
 * else it grants ("Customer Managed CMK Key Policy", note).
 */
export function checkOfflineKey(
  world: World,
  role: Call,
  keyArn: string,
  bucket: string,
  path: string,
): void {
  if (throughSageMakerOnly(world.services.kms.policyOf(keyArn)))
    throw invalid(
      `The KMS key ${keyArn} of the offline store has the condition kms:ViaService for SageMaker in its key policy. ` +
        "The kms:ViaService condition key can only be used for the online store's KMS key, and cannot be used for the offline store.",
    );
  const forwarded = callVia(role, "s3");
  // With an S3 bucket key the context is the bucket, else the object.
  const contexts = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/${path}`];
  const allowed = contexts.some((arn) =>
    world.services.kms.allows(forwarded, keyArn, "kms:GenerateDataKey", { "aws:s3:arn": arn }),
  );
  if (!allowed)
    throw invalid(
      `The role ${role.caller.principalArn} is not authorized to perform: kms:GenerateDataKey on the offline store's KMS key ${keyArn}. ` +
        "Allow it in the role's policy and in the key policy; a kms:ViaService condition for SageMaker is supported on online store keys only.",
    );
}

/** True if a statement allows what comes through SageMaker and through no other service. */
function throughSageMakerOnly(policy: PolicyDocument | undefined): boolean {
  return [policy?.Statement ?? []]
    .flat()
    .some(
      ({ Effect, Condition = {} }) =>
        Effect === "Allow" &&
        Object.values(Condition).some((keys) =>
          Object.entries(keys).some(
            ([key, values]) =>
              key.toLowerCase() === "kms:viaservice" &&
              [values].flat().every((value) => String(value).startsWith("sagemaker.")),
          ),
        ),
    );
}

function forwardedGrant(call: Call): Call {
  const forwarded = callVia(call, "sagemaker");
  return { ...forwarded, context: { ...forwarded.context, "kms:GrantIsForAWSResource": "true" } };
}

function deniedKey(call: Call, action: string, keyArn: string): AwsError {
  return new AwsError(
    "AccessDeniedException",
    `User: ${call.caller.arn} is not authorized to perform: ${action} on resource: ${keyArn}. ` +
      "The creator of a feature group needs this permission on the online store's KMS key.",
  );
}

/** KMS's errors as SageMaker passes them on: denials as they are, the rest as a fault of the request. */
function inKms<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "AccessDeniedException") throw new AwsError(error.code, error.message);
    throw invalid(
      `${error.message} (Service: AWSKMS; Status Code: ${error.status}; Error Code: ${error.code})`,
    );
  }
}
