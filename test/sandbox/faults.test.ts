// Faults that the sandbox plays, as AWS SDK clients meet them. That AWS words its faults so is from its documentation.
import { expect } from "chai";
import fc from "fast-check";
import { CreateRoleCommand, GetRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { ListFeatureGroupsCommand } from "@aws-sdk/client-sagemaker";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { createFaults, type FaultPlan } from "../../packages/sandbox/pipeline/faults";
import { s3 } from "../../packages/sandbox/services/s3";
import { clients, refusal, type Clients } from "./support";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
});

describe("faults", () => {
  let sandbox: Sandbox | undefined;
  afterEach(() => sandbox?.close());

  const under = async (...rules: FaultPlan["rules"]): Promise<Clients> => {
    sandbox = await startSandbox({ faults: { seed: 7, rules } });
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("no account");
    return clients(sandbox.endpoint, keys, "us-east-1");
  };
  const role = (RoleName: string) => new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST });

  it("throttle in each service's own words, and clients that try again get through", async () => {
    const a = await under({ fault: "throttle", count: 4 });
    expect(await refusal(a.iam.send(new ListRolesCommand({})))).to.include({
      name: "Throttling",
      status: 400,
    });
    expect((await refusal(a.s3.send(new ListBucketsCommand({})))).name).to.equal("SlowDown");
    expect((await refusal(a.kms.send(new ListKeysCommand({})))).name).to.equal("ThrottlingException");
    const patient = new IAMClient({
      endpoint: sandbox?.endpoint ?? "",
      region: "us-east-1",
      credentials: a.keys,
      maxAttempts: 3,
    });
    expect((await patient.send(role("made"))).Role?.RoleName).to.equal("made");
    expect(sandbox?.faults?.met).to.have.length(4);
  });

  it("break inside AWS, by service and operation", async () => {
    const a = await under(
      { service: "s3", operation: "CreateBucket", fault: "serverError", nth: 2 },
      { service: "sagemaker", fault: "serverError" },
    );
    await a.s3.send(new CreateBucketCommand({ Bucket: "first-bucket" }));
    expect(await refusal(a.s3.send(new CreateBucketCommand({ Bucket: "second-bucket" })))).to.include({
      name: "InternalError",
      status: 500,
    });
    await a.s3.send(new CreateBucketCommand({ Bucket: "second-bucket" }));
    expect((await refusal(a.sagemaker.send(new ListFeatureGroupsCommand({})))).status).to.equal(500);
  });

  it("end a connection before the work, and nothing was done", async () => {
    const a = await under({ service: "iam", operation: "CreateRole", fault: "dropBefore", nth: 1 });
    expect((await refusal(a.iam.send(role("lost")))).status).to.equal(undefined);
    expect((await refusal(a.iam.send(new GetRoleCommand({ RoleName: "lost" })))).name).to.equal(
      "NoSuchEntityException",
    );
  });

  it("end a connection after the work, and it was done", async () => {
    const a = await under({ operation: "Create*", fault: "dropAfter" });
    await refusal(a.iam.send(role("made-unseen")));
    expect((await a.iam.send(new GetRoleCommand({ RoleName: "made-unseen" }))).Role?.RoleName).to.equal(
      "made-unseen",
    );
    await refusal(a.kms.send(new CreateKeyCommand({})));
    expect((await a.kms.send(new ListKeysCommand({}))).Keys).to.have.length(1);
    // A refusal is lost as any other answer.
    expect((await refusal(a.iam.send(role("made-unseen")))).name).not.to.equal(
      "EntityAlreadyExistsException",
    );
  });

  it("let credentials expire, and answers be late", async () => {
    const a = await under(
      { service: "sts", fault: "expired", nth: 1 },
      { service: "s3", fault: "expired", nth: 1 },
      { service: "kms", fault: "delay", milliseconds: 60, nth: 1 },
    );
    expect((await refusal(a.sts.send(new GetCallerIdentityCommand({})))).name).to.equal("ExpiredToken");
    expect((await refusal(a.s3.send(new ListBucketsCommand({})))).name).to.equal("ExpiredToken");
    expect((await a.kms.send(new ListKeysCommand({}))).Keys).to.deep.equal([]);
    await a.sts.send(new GetCallerIdentityCommand({}));
  });

  it("say that a new role is not seen yet, where AWS would, and nowhere else", async () => {
    const a = await under({ fault: "notYet" });
    expect((await refusal(a.iam.send(role("new")))).message).to.match(/invalid principal/i);
    expect((await refusal(a.kms.send(new CreateKeyCommand({})))).name).to.equal(
      "MalformedPolicyDocumentException",
    );
    await a.iam.send(new ListRolesCommand({}));
    expect(sandbox?.faults?.met.map(({ operation }) => operation)).to.deep.equal([
      "iam:CreateRole",
      "kms:CreateKey",
    ]);
  });

  it("know S3's operations by AWS's names", async () => {
    const a = await under({ service: "s3", operation: "Head*", fault: "serverError" });
    await a.s3.send(new CreateBucketCommand({ Bucket: "a-bucket" }));
    await a.s3.send(new PutObjectCommand({ Bucket: "a-bucket", Key: "k", Body: "x" }));
    expect((await refusal(a.s3.send(new HeadBucketCommand({ Bucket: "a-bucket" })))).status).to.equal(500);
    const named = (method: string, target: string, headers = {}) => {
      const [path = "", query = ""] = target.split("?");
      const request = { method, path, query: new URLSearchParams(query), headers, body: Buffer.alloc(0) };
      return s3.match(request).operation;
    };
    expect(named("PUT", "/b?policy")).to.equal("PutBucketPolicy");
    expect(named("GET", "/b?list-type=2")).to.equal("ListObjectsV2");
    expect(named("POST", "/b?delete")).to.equal("DeleteObjects");
    expect(named("PUT", "/b/k", { "x-amz-copy-source": "/b/j" })).to.equal("CopyObject");
    expect(named("GET", "/")).to.equal("ListBuckets");
  });

  it("follow from the seed: the same requests in the same order meet the same (property)", () => {
    const request = fc.tuple(
      fc.constantFrom("iam", "s3", "kms"),
      fc.constantFrom("CreateRole", "PutObject", "ListKeys"),
    );
    fc.assert(
      fc.property(fc.integer(), fc.array(request, { maxLength: 60 }), (seed, requests) => {
        const plan = {
          seed,
          rules: [
            { service: "s3", fault: "throttle", probability: 0.4 },
            { fault: "dropAfter", probability: 0.2 },
          ],
        };
        const run = () => {
          const faults = createFaults(plan);
          return requests.map(
            ([service, operation]) => faults.meet(service, operation, "111111111111")?.kind,
          );
        };
        expect(run()).to.deep.equal(run());
      }),
    );
  });

  it("that are no plan are refused, each with its place", async () => {
    for (const [plan, words] of [
      [{ rules: [] }, "rules: name at least one rule"],
      [{ rules: [{ fault: "flood" }] }, "rules.0.fault"],
      [{ rules: [{ fault: "delay", milliseconds: -1 }] }, "rules.0.milliseconds"],
      [{ rules: [{ fault: "throttle", chance: 1 }] }, "chance"],
    ] as const)
      expect(() => createFaults(plan)).to.throw(words);
    const error = await startSandbox({ faults: { rules: [] } }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.have.property("kind", "usage");
  });
});
