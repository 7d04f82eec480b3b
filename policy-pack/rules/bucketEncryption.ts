/** Every bucket encrypts its objects; a KMS key has to be named. */
import { bucketsWithout, isPart } from "./bucketParts";
import { isRecord, listOf } from "./documents";
import { UNKNOWN, type Rule } from "./rule";

const PART = "BucketServerSideEncryptionConfiguration";

export const bucketEncrypted: Rule = {
  name: "bucket-encrypted",
  configuredBy: ["awsManagedKeys"],
  description: "Every bucket encrypts by default, under a customer managed key or Amazon S3's own keys.",
  advice: `Give the bucket an aws.s3.${PART} with a rule of aws:kms and kmsMasterKeyId, or of AES256.`,
  check(resource, { awsManagedKeys = false }) {
    if (!isPart(resource, PART) || resource.inputs["rules"] === UNKNOWN) return [];
    const rules = listOf(resource.inputs["rules"]);
    return rules.length === 0
      ? ["there are no rules"]
      : rules.flatMap((rule, at) => problemsOf(rule, at, awsManagedKeys));
  },
  checkStack: (resources) => bucketsWithout(resources, PART, "no encryption is set for the bucket"),
};

function problemsOf(rule: unknown, at: number, awsManagedKeys: boolean): string[] {
  const path = `rules[${at}].applyServerSideEncryptionByDefault`;
  const byDefault = isRecord(rule) ? rule["applyServerSideEncryptionByDefault"] : undefined;
  if (byDefault === UNKNOWN) return [];
  const { sseAlgorithm, kmsMasterKeyId } = isRecord(byDefault) ? byDefault : {};
  if (sseAlgorithm === "AES256" || sseAlgorithm === UNKNOWN) return [];
  if (sseAlgorithm !== "aws:kms" && sseAlgorithm !== "aws:kms:dsse") return [`${path} names no encryption`];
  // Nobody can change the policy of AWS's own key for S3, so no other account can read what it encrypts.
  if (!awsManagedKeys && (kmsMasterKeyId === undefined || kmsMasterKeyId === ""))
    return [`${path} names no key, so AWS's own key would be used`];
  return [];
}
