/**
 * Checks of a feature group's keys, and of its creator's permissions on them.
 * Sources: "Security and access control" of Feature Store; API reference of OnlineStoreSecurityConfig and S3StorageConfig.
 */
import type { PolicyDocument } from "@feature-store-access/iam";
import { AwsError, callVia, type Call, type World } from "../../core";
import { onlineContext, SAGEMAKER } from "../../core/featureGroups";
import { invalid } from "./state";

/** Permissions that the creator of an online store needs on its key, besides kms:ListAliases, which only IAM policies can give. */
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

/** Operations of the grant that lets SageMaker use the online store's key. */
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

/** The ARN of a key that Feature Store can use. @throws AwsError `ValidationException`, `AccessDeniedException` */
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

/** @throws AwsError `AccessDeniedException` unless the creator has the documented permissions on the online store's key */
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

/** Creates the grant through which SageMaker uses the online store's key. @returns its ID */
export function grantOnlineKey(world: World, call: Call, keyArn: string, groupArn: string): string {
  return inKms(() =>
    world.services.kms.createGrant(
      forwardedGrant(call),
      keyArn,
      {
        granteePrincipal: SAGEMAKER,
        retiringPrincipal: SAGEMAKER,
        operations: grantOperations,
        encryptionContextSubset: onlineContext(groupArn),
      },
      `feature-store:${groupArn.slice(groupArn.lastIndexOf("/") + 1)}`,
    ),
  );
}

/**
 * Checks that the group's role may encrypt offline objects: S3 asks KMS for a data key in the role's name. If the key policy allows use
 * through SageMaker only, the creation fails, as AWS documents.
 * @throws AwsError `ValidationException`
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
  // With an S3 bucket key the context is the bucket, otherwise the object.
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

/** True if a statement allows requests through SageMaker and no other service. */
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

/** Converts KMS's errors: denials are passed on, others become validation errors. */
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
