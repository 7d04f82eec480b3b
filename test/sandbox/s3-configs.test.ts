// Configurations of buckets that have no effect here read back as they were put, as the AWS provider compares them after each
// write. Those that are absent: s3.test.ts.
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  type PutBucketLifecycleConfigurationCommandInput,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { clients, refusal, type Clients } from "./support";

const Bucket = "configured";

describe("sandbox S3 configurations", () => {
  let sandbox: Sandbox;
  let s3: Clients["s3"];
  before(async () => {
    sandbox = await startSandbox();
    s3 = clients(sandbox.endpoint, sandbox.accounts[1] ?? sandbox.base, "us-east-1").s3;
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => sandbox.close());

  it("keep the smallest size that lifecycle rules move, which is a header", async () => {
    const Rules: LifecycleRule[] = [
      { ID: "end", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 30 } },
    ];
    const put = (more: Partial<PutBucketLifecycleConfigurationCommandInput>) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules }, ...more }),
      );
    const read = async () => {
      const got = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      expect(got.Rules).to.deep.equal(Rules);
      return got.TransitionDefaultMinimumObjectSize;
    };
    const set = await put({ TransitionDefaultMinimumObjectSize: "varies_by_storage_class" });
    expect(set.TransitionDefaultMinimumObjectSize).to.equal("varies_by_storage_class");
    expect(await read()).to.equal("varies_by_storage_class");
    await put({});
    expect(await read()).to.equal("all_storage_classes_128K");
    const wrong = { TransitionDefaultMinimumObjectSize: "none" as "varies_by_storage_class" };
    expect((await refusal(put(wrong))).name).to.equal("InvalidArgument");
  });

  it("keep the encryption types that are blocked, and none where none is named", async () => {
    const put = (rule: ServerSideEncryptionRule) =>
      s3.send(
        new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
      );
    const read = async () =>
      (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules;
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: "AES256" } as const;
    const blocking: ServerSideEncryptionRule = {
      ApplyServerSideEncryptionByDefault,
      BucketKeyEnabled: false,
      BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
    };
    await put(blocking);
    expect(await read()).to.deep.equal([blocking]);
    const plain = { ApplyServerSideEncryptionByDefault, BucketKeyEnabled: false };
    await put(plain);
    expect(await read()).to.deep.equal([plain]);
    const wrong = { BlockedEncryptionTypes: { EncryptionType: ["SSE-X" as "SSE-C"] } };
    expect((await refusal(put({ ...plain, ...wrong }))).name).to.equal("MalformedXML");
  });
});
