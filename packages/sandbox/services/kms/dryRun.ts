/** Dry runs of requests, and settings that the sandbox cannot act on. Source: KMS Developer Guide, "Testing your permissions". */
import { AwsError } from "../../core";

type Input = Readonly<Record<string, unknown>>;

/** Call it before anything is changed. @throws AwsError DryRunOperationException (400), which is a dry run's success */
export function endDryRun(input: Input): void {
  if (input["DryRun"] === true)
    throw new AwsError(
      "DryRunOperationException",
      "The request would have succeeded, but the DryRun option is set.",
    );
}

/** True for a dry run that names a key and asks about it without a ciphertext. */
export function ignoresCiphertext(input: Input): boolean {
  const modifiers = input["DryRunModifiers"];
  return input["DryRun"] === true && Array.isArray(modifiers) && modifiers.includes("IGNORE_CIPHERTEXT");
}

/** @throws AwsError UnsupportedOperationException for promises that the sandbox would not keep: a grant wider than requested, a key in clear text */
export function checkSettings(input: Input): void {
  const { SourceArn } = (input["Constraints"] ?? {}) as { SourceArn?: unknown };
  const named = {
    "Constraints.SourceArn": SourceArn,
    GranteeServicePrincipal: input["GranteeServicePrincipal"],
    RetiringServicePrincipal: input["RetiringServicePrincipal"],
    Recipient: input["Recipient"],
    CustomKeyStoreId: input["CustomKeyStoreId"],
  };
  for (const [name, value] of Object.entries(named))
    if (value !== undefined && value !== null)
      throw new AwsError("UnsupportedOperationException", `The sandbox does not implement ${name} of KMS.`);
  const algorithms = ["EncryptionAlgorithm", "SourceEncryptionAlgorithm", "DestinationEncryptionAlgorithm"];
  const other = algorithms.map((name) => input[name] ?? "SYMMETRIC_DEFAULT");
  const odd = other.find((value) => value !== "SYMMETRIC_DEFAULT");
  if (odd !== undefined)
    throw new AwsError("InvalidKeyUsageException", "The sandbox encrypts with SYMMETRIC_DEFAULT only.");
}
