/**
 * Keys are symmetric, as Feature Store requires, and rotate. Source: Amazon SageMaker AI Developer Guide, "Security and access
 * control", https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html.
 */
import { UNKNOWN, type DeclaredResource, type Rule } from "./rule";

const KEY = "aws:kms/key:Key";
const EXTERNAL: ReadonlySet<string> = new Set([
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaExternalKey:ReplicaExternalKey",
]);

export const keySymmetric: Rule = {
  name: "key-symmetric",
  description: "Keys are symmetric and encrypt: Feature Store accepts no others.",
  advice: "Leave customerMasterKeySpec and keyUsage out, or set SYMMETRIC_DEFAULT and ENCRYPT_DECRYPT.",
  check: (resource) => [
    ...other(resource, "customerMasterKeySpec", "SYMMETRIC_DEFAULT"),
    ...other(resource, "keyUsage", "ENCRYPT_DECRYPT"),
  ],
};

export const keyRotated: Rule = {
  name: "key-rotated",
  configuredBy: ["unrotatedKeys"],
  description: "Keys rotate automatically, and are enabled.",
  advice: "Set enableKeyRotation to true. AWS does not rotate imported material: let AWS generate it.",
  check({ type, inputs }, { unrotatedKeys = false }) {
    if (EXTERNAL.has(type)) return ["the key's material is imported, so AWS does not rotate it"];
    if (type !== KEY) return [];
    const rotation = inputs["enableKeyRotation"];
    return [
      ...(rotation === true || rotation === UNKNOWN || unrotatedKeys
        ? []
        : ["enableKeyRotation is not true"]),
      ...(inputs["isEnabled"] === false ? ["isEnabled is false"] : []),
    ];
  },
};

function other({ type, inputs }: DeclaredResource, input: string, only: string): string[] {
  const value = inputs[input];
  if (type !== KEY || value === undefined || value === only || value === UNKNOWN) return [];
  return [`${input} is ${JSON.stringify(value).replace(/"/g, "")}, not ${only}`];
}
