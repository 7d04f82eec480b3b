/**
 * The server around the services: routing, refusals before any service, the guard that every request was authorized, faults.
 * Real clients sign here; sigv4.test.ts has AWS's own examples.
 */
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { ListKeysCommand } from "@aws-sdk/client-kms";
import { GetObjectCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { prepareAccounts, type Accounts } from "../../packages/sandbox/identity/accounts";
import type { WireRequest, WireResponse } from "../../packages/sandbox/core";
import { services } from "../../packages/sandbox/registry";
import { createAnswer } from "../../packages/sandbox/pipeline";
import { s3 as protocol } from "../../packages/sandbox/protocol/s3";
import { defineService } from "../../packages/sandbox/protocol/service";
import { memoryStore } from "../../packages/sandbox/store/store";
import { listen, type HttpServer } from "../../packages/sandbox/pipeline/http";
import { createWorld, type RunningWorld } from "../../packages/sandbox/world";
import { clients, refusal, signedFetch, type Clients } from "./support";

describe("sandbox server", () => {
  let sandbox: Sandbox;
  let base: Clients;
  before(async () => {
    sandbox = await startSandbox({ accounts: ["333333333333"] });
    base = clients(sandbox.endpoint, sandbox.base);
  });
  after(() => sandbox.close());

  it("listens on the loopback interface only, and knows the accounts asked for", () => {
    expect(sandbox.endpoint).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(sandbox.accounts.map(({ id }) => id)).to.deep.equal([
      "111111111111",
      "222222222222",
      "333333333333",
    ]);
    expect(sandbox.base.id).to.equal("999999999999");
  });

  it("refuses a wrong secret and an unknown key in each protocol's words", async () => {
    const wrong = clients(sandbox.endpoint, { ...sandbox.base, secretAccessKey: "wrong" });
    const nobody = clients(sandbox.endpoint, { accessKeyId: "AKIANOBODY", secretAccessKey: "x" });
    const names = async (of: Clients) => [
      (await refusal(of.sts.send(new GetCallerIdentityCommand({})))).name,
      (await refusal(of.kms.send(new ListKeysCommand({})))).name,
      (await refusal(of.s3.send(new ListBucketsCommand({})))).name,
    ];
    expect(await names(wrong)).to.deep.equal([
      "SignatureDoesNotMatch",
      "InvalidSignatureException",
      "SignatureDoesNotMatch",
    ]);
    expect(await names(nobody)).to.deep.equal([
      "InvalidClientTokenId",
      "UnrecognizedClientException",
      "InvalidAccessKeyId",
    ]);
  });

  it("takes compressed requests, as SDKs send large ones, and refuses what is not", async () => {
    const [keys] = sandbox.accounts;
    const { accessKeyId = "", secretAccessKey = "" } = keys ?? {};
    const cloudWatch = new CloudWatchClient({
      endpoint: sandbox.endpoint,
      region: "eu-central-1",
      credentials: { accessKeyId, secretAccessKey },
      requestMinCompressionSizeBytes: 0,
    });
    let encoding: string | undefined;
    cloudWatch.middlewareStack.add(
      (next) => (args) => {
        encoding = (args.request as { headers: Record<string, string> }).headers["content-encoding"];
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    const MetricData = [{ MetricName: "rows", Value: 1.5 }];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: "sandbox", MetricData }));
    expect(encoding).to.equal("gzip");
    const wrong = await signedFetch(sandbox.endpoint, { accessKeyId, secretAccessKey }, "kms", {
      headers: { "x-amz-target": "TrentService.ListKeys", "content-encoding": "gzip" },
      body: "{}",
    });
    expect(wrong.text).to.include("not valid gzip");
  });

  it("names an operation and a service that it does not have, and never succeeds", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const json = (target: string) => ({
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
    });
    const cases = [
      [
        "iam",
        form,
        "Action=CreateGroup&Version=2010-05-08",
        400,
        "The sandbox does not implement iam:CreateGroup",
      ],
      [
        "sts",
        form,
        "Action=__proto__&Version=2011-06-15",
        400,
        "The sandbox does not implement sts:__proto__",
      ],
      [
        "kms",
        json("TrentService.CreateCustomKeyStore"),
        "{}",
        400,
        "The sandbox does not implement kms:CreateCustomKeyStore",
      ],
      [
        "dynamodb",
        json("DynamoDB_20120810.ListTables"),
        "{}",
        400,
        "The sandbox does not implement dynamodb:ListTables",
      ],
      ["ses", form, "Action=ListIdentities", 400, "The sandbox does not implement ses:ListIdentities"],
    ] as const;
    for (const [service, headers, body, status, message] of cases) {
      const answer = await signedFetch(sandbox.endpoint, sandbox.base, service, { headers, body });
      expect(answer.status, service).to.equal(status);
      expect(answer.text).to.contain(message);
    }
  });

  it("refuses a request without a signature, but leaves S3 to decide on anonymous ones", async () => {
    const body = "Action=ListRoles&Version=2010-05-08";
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const iam = await fetch(sandbox.endpoint, { method: "POST", headers, body });
    expect(iam.status).to.equal(403);
    expect(await iam.text()).to.contain("<Code>MissingAuthenticationToken</Code>");
    const target = { "x-amz-target": "TrentService.ListKeys" };
    const kms = await fetch(sandbox.endpoint, { method: "POST", headers: target, body: "{}" });
    expect(await kms.json()).to.include({ __type: "MissingAuthenticationTokenException" });
    const s3 = await fetch(`${sandbox.endpoint}/bucket/key`);
    expect(s3.status).to.be.oneOf([403, 404]);
    expect(await s3.text()).to.match(/<Code>(AccessDenied|NoSuchBucket)<\/Code>/);
  });

  it("tells each request's ID", async () => {
    const first = await base.sts.send(new GetCallerIdentityCommand({}));
    const second = await base.sts.send(new GetCallerIdentityCommand({}));
    expect(first.$metadata.requestId)
      .to.match(/^[0-9a-f-]{36}$/)
      .and.not.equal(second.$metadata.requestId);
  });

  it("answers many at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => base.iam.send(new ListRolesCommand({}))),
    );
    expect(answers.every(({ Roles }) => Roles?.length === 0)).to.equal(true);
  });
});

describe("sandbox server: services that misbehave", () => {
  let world: RunningWorld;
  let server: HttpServer;
  let prepared: Accounts;
  let run: () => Promise<WireResponse>;
  let isOpen = false;
  let seen: WireRequest | undefined;
  const logged: unknown[][] = [];
  const log = console.error;
  before(async () => {
    const store = memoryStore();
    prepared = prepareAccounts(store, [], new Date());
    const operation = (on: string) => ({
      on,
      get open() {
        return isOpen;
      },
      run: (_world: unknown, _call: unknown, _input: object, request: WireRequest) => {
        seen = request;
        return run();
      },
    });
    const operations = { GetObject: operation("GET /{Key+}"), HeadObject: operation("HEAD /{Key+}") };
    const { port } = services.s3;
    const s3 = defineService({ name: "s3", protocol, operations, ...(port ? { port } : {}) });
    world = createWorld(store, { ...services, s3 });
    server = await listen(0, createAnswer(world));
    console.error = (...args: unknown[]) => logged.push(args);
  });
  after(async () => {
    console.error = log;
    await server.close();
    await world.end();
  });
  beforeEach(() => {
    logged.length = 0;
    isOpen = false;
  });

  const get = () =>
    refusal(
      clients(server.endpoint, prepared.base).s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "a/ü" })),
    );

  it("does not hand out an answer for which access was never checked", async () => {
    run = () => Promise.resolve({ status: 200, body: "secret" });
    const error = await get();
    expect([error.name, error.status]).to.deep.equal(["InternalError", 500]);
    expect(String(logged[0]?.[1])).to.contain("without an access check");
    isOpen = true;
    const open = await fetch(`${server.endpoint}/bucket/key`);
    expect([open.status, await open.text()]).to.deep.equal([200, "secret"]);
  });

  it("answers a fault with InternalError, logs it, tells nothing of it, and lives on", async () => {
    run = () => Promise.reject(new TypeError("inner detail"));
    const error = await get();
    expect([error.name, error.status]).to.deep.equal(["InternalError", 500]);
    expect(error.message).not.to.contain("inner detail");
    expect(String(logged[0]?.[1])).to.contain("inner detail");
    await clients(server.endpoint, prepared.base).sts.send(new GetCallerIdentityCommand({}));
  });

  it("gives virtual-hosted requests to S3 as path-style ones", async () => {
    run = () => Promise.resolve({ status: 200, body: "x" });
    isOpen = true;
    const endpoint = server.endpoint.replace("127.0.0.1", "localhost");
    const { port } = new URL(endpoint);
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port,
        path: "/a%2Fb?x-id=1",
        headers: { host: `my-bucket.localhost:${port}` },
      };
      request(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).to.equal(200);
    expect(seen?.path).to.equal("/my-bucket/a%2Fb");
  });

  it("sends no body in answer to HEAD", async () => {
    run = () => Promise.resolve({ status: 200, headers: { "content-length": "5" }, body: "12345" });
    isOpen = true;
    const response = await fetch(`${server.endpoint}/bucket/key`, { method: "HEAD" });
    expect([response.headers.get("content-length"), await response.text()]).to.deep.equal(["5", ""]);
  });
});
