/** Policy of account B's bucket for its central store: it permits nothing, because account B's own IAM decides who reads. */
import { policy, type Policy } from "../../../policies/document";
import { denyOtherEncryption, tlsOnly } from "../../../policies/bucket";

/** TLS only, and no object under another key than the store's. */
export function centralBucketPolicy(facts: { readonly bucketArn: string; readonly keyArn?: string }): Policy {
  return policy(...denyOtherEncryption(facts.bucketArn, facts.keyArn), tlsOnly(facts.bucketArn));
}
