// S3 Control's operations on the tags of buckets, as the AWS provider sends them since its version 6.23: to a host that begins
// with the account, which clients reach through the sandbox as their proxy.
import { CreateBucketCommand, GetBucketTaggingCommand, PutBucketTaggingCommand } from "@aws-sdk/client-s3";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { LookupEventsCommand, CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { expect } from "chai";
import { request as httpRequest } from "node:http";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { assume, clients, refusal, signedFetch, signedHeaders, type Clients, type Keys } from "./support";

const A = "111111111111";
const B = "222222222222";

describe("sandbox S3 Control", () => {
  let sandbox: Sandbox;
  let keys: Keys;
  let b: Clients;
  before(async () => {
    sandbox = await startSandbox();
    keys = sandbox.accounts.find(({ id }) => id === B) ?? sandbox.base;
    b = clients(sandbox.endpoint, keys);
    await b.s3.send(bucketOf("store", { team: "fraud" }));
  });
  after(() => sandbox.close());

  const bucketOf = (Bucket: string, tags: Record<string, string>) =>
    new CreateBucketCommand({
      Bucket,
      CreateBucketConfiguration: {
        LocationConstraint: "eu-central-1",
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    });
  const plain = (Bucket: string) =>
    new CreateBucketCommand({
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
    });
  const path = (bucket: string, query = "") =>
    `/v20180820/tags/${encodeURIComponent(`arn:aws:s3:::${bucket}`)}${query}`;
  const headers = (account = B) => ({ "x-amz-account-id": account });
  const list = (bucket: string, { account = B, by = keys } = {}) =>
    signedFetch(sandbox.endpoint, by, "s3", {
      method: "GET",
      path: path(bucket),
      headers: headers(account),
    });
  const tag = (bucket: string, tags: string) =>
    signedFetch(sandbox.endpoint, keys, "s3", {
      path: path(bucket),
      headers: headers(),
      body: `<TagResourceRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags>${tags}</Tags></TagResourceRequest>`,
    });
  const one = (key: string, value: string) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`;
  const role = async (name: string, ...allowed: string[]) => {
    const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
    const { Role } = await b.iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: document({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: B },
        }),
      }),
    );
    const PolicyDocument = document({ Effect: "Allow", Action: allowed, Resource: "*" });
    await b.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "p", PolicyDocument }));
    return assume(b.sts, Role?.Arn ?? "");
  };

  it("reads, adds and removes tags, which are those that S3 has", async () => {
    expect((await list("store")).text).to.contain(`<Tags>${one("team", "fraud")}</Tags>`);
    const added = await tag("store", one("a b/é", "x") + one("team", ""));
    expect(added.status).to.equal(204);
    const { TagSet } = await b.s3.send(new GetBucketTaggingCommand({ Bucket: "store" }));
    expect(TagSet).to.have.deep.members([
      { Key: "team", Value: "" },
      { Key: "a b/é", Value: "x" },
    ]);
    const removal = { method: "DELETE", path: path("store", "?tagKeys=a%20b%2F%C3%A9&tagKeys=team") };
    const removed = await signedFetch(sandbox.endpoint, keys, "s3", { ...removal, headers: headers() });
    expect(removed.status).to.equal(204);
    expect((await list("store")).text).to.match(/<Tags\/>/);
    expect((await refusal(b.s3.send(new GetBucketTaggingCommand({ Bucket: "store" })))).name).to.equal(
      "NoSuchTagSet",
    );
  });

  it("is reached by the account's own host through the sandbox as a proxy, which it is for itself alone", async () => {
    await tag("store", one("team", "fraud"));
    const { port } = new URL(sandbox.endpoint);
    const through = (origin: string) =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const request = { method: "GET", path: path("store"), headers: headers() };
        const sent = httpRequest(sandbox.endpoint, {
          method: "GET",
          path: origin + request.path,
          headers: { ...signedHeaders(origin, keys, "s3", request), host: origin.slice("http://".length) },
        });
        sent.on("error", reject).on("response", (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString()));
          response.on("end", () => resolve({ status: response.statusCode, text }));
        });
        sent.end();
      });
    for (const host of [`${B}.127.0.0.1`, `${B}.localhost`]) {
      const { status, text } = await through(`http://${host}:${port}`);
      expect({ status, host }).to.deep.equal({ status: 200, host });
      expect(text).to.contain(one("team", "fraud"));
    }
    for (const foreign of ["http://example.org", `http://example.org:${port}`, "http://a.127.0.0.1:1"])
      expect((await through(foreign)).status, foreign).to.equal(421);
  });

  it("says in S3 Control's form what is refused, with the action that a provider falls back for", async () => {
    const missing = await list("nowhere");
    expect(missing.status).to.equal(404);
    expect(missing.text).to.match(/<ErrorResponse><Error><Code>NoSuchBucket<\/Code>/);
    expect((await list("store", { account: A })).status).to.equal(403);
    const denied = await list("store", { by: await role("tagless", "s3:GetBucketTagging") });
    expect(denied.status).to.equal(403);
    expect(denied.text).to.contain("is not authorized to perform: s3:ListTagsForResource on resource");
    expect((await tag("store", one("aws:x", "y"))).text).to.contain("<Code>InvalidTag</Code>");
    const other = { method: "GET", path: "/v20180820/configuration/publicAccessBlock", headers: headers() };
    const unknown = await signedFetch(sandbox.endpoint, keys, "s3", other);
    expect(unknown.status).to.equal(501);
    expect(unknown.text).to.contain("/v20180820/configuration/publicAccessBlock");
  });

  it("lets a bucket be made with the tags that a policy asks for, and not without the right to tag", async () => {
    const maker = clients(sandbox.endpoint, await role("maker", "s3:CreateBucket"));
    const refused = await refusal(maker.s3.send(bucketOf("tagged-by-none", { team: "x" })));
    expect(refused.message).to.contain("is not authorized to perform: s3:TagResource");
    await maker.s3.send(plain("untagged"));
    const name = "tagger";
    await role(name, "s3:CreateBucket");
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:CreateBucket", "s3:TagResource"],
          Resource: "*",
          Condition: { StringEquals: { "aws:RequestTag/team": "x" } },
        },
      ],
    });
    await b.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "p", PolicyDocument }));
    const tagger = clients(sandbox.endpoint, await assume(b.sts, `arn:aws:iam::${B}:role/${name}`));
    await tagger.s3.send(bucketOf("tagged", { team: "x" }));
    expect((await refusal(tagger.s3.send(bucketOf("tagged-y", { team: "y" })))).name).to.equal(
      "AccessDenied",
    );
  });

  it("leaves a bucket of that name to S3, and tells CloudTrail the operation", async () => {
    await b.s3.send(plain("v20180820"));
    await b.s3.send(new PutBucketTaggingCommand({ Bucket: "v20180820", Tagging: { TagSet: [] } }));
    const { accessKeyId, secretAccessKey } = keys;
    const trail = new CloudTrailClient({
      endpoint: sandbox.endpoint,
      region: "eu-central-1",
      credentials: { accessKeyId, secretAccessKey },
    });
    const { Events = [] } = await trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "TagResource" }],
      }),
    );
    const event = JSON.parse(Events[0]?.CloudTrailEvent ?? "{}") as Record<string, unknown>;
    expect(event).to.include({ eventSource: "s3.amazonaws.com", readOnly: false });
    expect(event["requestParameters"]).to.include({ resourceArn: "arn:aws:s3:::store", accountId: B });
  });
});
