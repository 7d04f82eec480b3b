/** Account B's side of the offline store: the bucket, which owns every object that account A writes into it. */
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import type { SharedSettings } from "../../settings/types";
import { createStoreBucket } from "../../storeBucket";
import { bucketFacts } from "./facts";
import type { OfflineBucketContract, WriterContract } from "./kinds";
import { documentedOfflineBucketPolicy, offlineBucketPolicy } from "./policies/offlineBucket";
import type { OfflineStoreSettings } from "./settings";

export interface OfflineBucketArgs extends Pick<SharedSettings, "policyMode" | "protectData"> {
  store: OfflineStoreSettings;
  /** Account A's role and key. The role has to exist: S3 rejects a policy that names a role that does not. */
  writer: Wired<WriterContract>;
}

export class OfflineBucket extends pulumi.ComponentResource {
  /** The outputs of its stage. */
  readonly outputs: Wired<OfflineBucketContract>;

  constructor(name: string, args: OfflineBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:offline-store:OfflineBucket", name, {}, opts);
    const { store, writer, policyMode, protectData } = args;
    const { bucketName, noncurrentVersionDays } = store;
    const document = policyMode === "documented" ? documentedOfflineBucketPolicy : offlineBucketPolicy;
    const policyOf = (bucketArn: pulumi.Output<string>) =>
      pulumi
        .output({ bucketArn, ...bucketFacts(store, writer) })
        .apply((facts) => JSON.stringify(document(facts)));
    const { bucket, policy } = createStoreBucket(
      name,
      { bucketName, keyArn: writer.keyArn, noncurrentVersionDays, policyOf, protectData },
      this,
    );

    this.outputs = {
      bucketName: bucket.bucket,
      // A stage that reads the ARN may write, so the policy that permits it has to be in place by then.
      bucketArn: pulumi.all([bucket.arn, policy.id]).apply(([arn]) => arn),
    };
    this.registerOutputs(this.outputs);
  }
}
