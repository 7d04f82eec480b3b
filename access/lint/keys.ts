/**
 * Keys that Feature Store cannot use. Source: "Security and access control" of Feature Store,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html
 */
import { placeOf, type Finding } from "../findings";
import type { AccessModel, ModelResource } from "../model";
import { throughSageMakerOnly } from "../viaService";
import { lintFinding } from "./rule";

interface KeyProperties {
  readonly keyUsage?: string;
  readonly customerMasterKeySpec?: string;
  readonly isEnabled?: boolean;
}

interface StoreKeys {
  readonly onlineStoreConfig?: { readonly securityConfig?: { readonly kmsKeyId?: string } };
  readonly offlineStoreConfig?: { readonly s3StorageConfig?: { readonly kmsKeyId?: string } };
}

export function keyFindings({ resources }: AccessModel): Finding[] {
  const groups = resources.filter(({ kind }) => kind === "featureGroup");
  return resources
    .filter(({ kind }) => kind === "key")
    .flatMap((key) => {
      const online = groups.filter(({ properties }) =>
        uses((properties as StoreKeys).onlineStoreConfig?.securityConfig, key),
      );
      const offline = groups.filter(({ properties }) =>
        uses((properties as StoreKeys).offlineStoreConfig?.s3StorageConfig, key),
      );
      return [...ofItself(key, [...online, ...offline]), ...(offline.length > 0 ? viaFeatureStore(key) : [])];
    });
}

function uses(store: { readonly kmsKeyId?: string } | undefined, { arn }: ModelResource): boolean {
  return store?.kmsKeyId === arn || (store?.kmsKeyId !== undefined && arn.endsWith(`/${store.kmsKeyId}`));
}

/** Feature Store supports symmetric customer managed keys only. */
function ofItself(key: ModelResource, groups: readonly ModelResource[]): Finding[] {
  const {
    keyUsage = "ENCRYPT_DECRYPT",
    customerMasterKeySpec = "SYMMETRIC_DEFAULT",
    isEnabled = true,
  } = key.properties as KeyProperties;
  const used =
    groups.length > 0
      ? `, and ${groups.map(({ label }) => label).join(", ")} would be encrypted under it`
      : "";
  const at = [{ document: key.label, ...(key.code === undefined ? {} : { code: key.code }) }];
  const found: Finding[] = [];
  if (customerMasterKeySpec !== "SYMMETRIC_DEFAULT" || keyUsage !== "ENCRYPT_DECRYPT") {
    const says = `key ${key.label} is ${customerMasterKeySpec} for ${keyUsage}${used}: Feature Store supports symmetric keys only`;
    found.push(lintFinding(at, says, "Make it SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT."));
  }
  if (!isEnabled) {
    const advice = "Enable it: a store whose key is disabled can be neither read nor written.";
    found.push(lintFinding(at, `key ${key.label} is disabled${used}`, advice));
  }
  return found;
}

/** A key policy that demands Feature Store as the calling service makes CreateFeatureGroup fail if the key is for an offline store. */
function viaFeatureStore({ policy }: ModelResource): Finding[] {
  if (!policy) return [];
  return throughSageMakerOnly(policy.document).map(({ statement, index }) =>
    lintFinding(
      [placeOf(policy, index, statement)],
      `${policy.name} asks for kms:ViaService of SageMaker, on a key of an offline store: CreateFeatureGroup fails`,
      "Keep kms:ViaService of SageMaker to a key that serves online stores only.",
    ),
  );
}
