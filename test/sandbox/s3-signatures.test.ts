// Signatures of S3 besides the usual: URLs presigned with version 2 (by AWS's worked example, and through the server), what
// policies see of a signature, statements that cannot be read, and the newer checksums.
import { createHash, createHmac } from "node:crypto";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import type { AwsError, Caller } from "../../packages/sandbox/core";
import type { CredentialLookup } from "../../packages/sandbox/identity/credentials";
import { authenticate } from "../../packages/sandbox/pipeline/signature/sigv4";
import { assume, clients, signedFetch, type Clients, type Keys } from "./support";

const ACCOUNT = "111111111111";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deployer`;
const inAnHour = () => String(Math.floor(Date.now() / 1000) + 3600);

describe("sandbox S3 signatures", () => {
  describe("of version 2", () => {
    const caller = { kind: "user", arn: "arn:aws:iam::111111111111:user/example" } as Caller;
    const lookup: CredentialLookup = () => ({
      secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      caller: () => caller,
    });
    // Amazon S3 Developer Guide, "Query string request authentication".
    const example =
      "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
    const at = (target: string, now: string) =>
      authenticate(
        { method: "GET", target, headers: { host: "johnsmith.localhost" }, body: Buffer.alloc(0) },
        lookup,
        new Date(now),
      );

    it("are verified as in AWS's example, until they expire", () => {
      const { request, ...result } = at(example, "2007-03-29T03:00:00Z");
      expect(result).to.deep.equal({ caller, service: "s3", version: 2, presigned: true });
      expect([...request.query.keys()]).to.deep.equal([]);
      const code = (target: string, now: string) => {
        try {
          at(target, now);
        } catch (error) {
          return (error as AwsError).code;
        }
        return "taken";
      };
      expect(code(example, "2007-03-29T04:00:00Z")).to.equal("AccessDenied");
      expect(code(example.replace("puppy", "kitten"), "2007-03-29T03:00:00Z")).to.equal(
        "SignatureDoesNotMatch",
      );
      expect(code(`${example}&versionId=1`, "2007-03-29T03:00:00Z")).to.equal("SignatureDoesNotMatch");
      expect(code(example.replace("1175139620", "soon"), "2007-03-29T03:00:00Z")).to.equal("AccessDenied");
    });
  });

  describe("through the server", () => {
    let sandbox: Sandbox;
    let keys: Keys;
    let a: Clients;
    before(async () => {
      sandbox = await startSandbox();
      keys = sandbox.accounts.find(({ id }) => id === ACCOUNT) ?? sandbox.base;
      a = clients(sandbox.endpoint, keys, "us-east-1");
      await a.s3.send(new CreateBucketCommand({ Bucket: "older" }));
      const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" } as const;
      await clients(sandbox.endpoint, keys, "eu-central-1").s3.send(
        new CreateBucketCommand({ Bucket: "newer", CreateBucketConfiguration }),
      );
      await a.s3.send(new PutObjectCommand({ Bucket: "older", Key: "a b", Body: "features" }));
    });
    after(() => sandbox.close());

    /** As boto3 makes it: headers that it signs are parameters. */
    const presigned = (by: Keys, method: string, path: string, more: Record<string, string> = {}) => {
      const expires = inAnHour();
      const headers = { ...(by.sessionToken ? { "x-amz-security-token": by.sessionToken } : {}), ...more };
      const own = Object.entries(headers)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, value]) => `${name}:${value}\n`)
        .join("");
      const text = `${method}\n\n\n${expires}\n${own}${path}`;
      const Signature = createHmac("sha1", by.secretAccessKey).update(text).digest("base64");
      const query = { AWSAccessKeyId: by.accessKeyId, Signature, Expires: expires, ...headers };
      const joiner = path.includes("?") ? "&" : "?";
      return `${sandbox.endpoint}${path}${joiner}${new URLSearchParams(query).toString()}`;
    };
    const fetched = async (url: string, init: RequestInit = {}) => {
      const response = await fetch(url, init);
      const text = await response.text();
      return { status: response.status, said: /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? text };
    };

    it("of version 2 read and write in the older regions, also of a session", async () => {
      const base = clients(sandbox.endpoint, sandbox.base, "us-east-1");
      const session = await assume(base.sts, ROLE);
      for (const by of [keys, session])
        expect(await fetched(presigned(by, "GET", "/older/a%20b"))).to.deep.equal({
          status: 200,
          said: "features",
        });
      const write = presigned(keys, "PUT", "/older/new", { "x-amz-meta-by": "url" });
      expect((await fetched(write, { method: "PUT", body: Buffer.from("sent") })).status).to.equal(200);
      const read = await fetch(presigned(keys, "GET", "/older/new?response-content-type=text/x"));
      expect(read.headers.get("x-amz-meta-by")).to.equal("url");
      expect(read.headers.get("content-type")).to.equal("text/x");
      expect(await fetched(presigned(keys, "GET", "/newer/x"))).to.deep.equal({
        status: 400,
        said: "InvalidRequest",
      });
      const forged = { ...keys, secretAccessKey: "another" };
      expect(await fetched(presigned(forged, "GET", "/older/a%20b"))).to.deep.equal({
        status: 403,
        said: "SignatureDoesNotMatch",
      });
    });

    it("are seen by policies", async () => {
      const deny = (Condition: object) => ({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::older/*",
        Condition,
      });
      const told = async (Condition: object) => {
        const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [deny(Condition)] });
        await a.s3.send(new PutBucketPolicyCommand({ Bucket: "older", Policy }));
        return (await fetched(presigned(keys, "GET", "/older/a%20b"))).status;
      };
      expect(await told({ StringEquals: { "s3:signatureversion": "AWS" } })).to.equal(403);
      expect(await told({ StringEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } })).to.equal(200);
      expect(await told({ StringEquals: { "s3:authType": "REST-QUERY-STRING" } })).to.equal(403);
      expect(await told({ StringEquals: { "s3:authType": "REST-HEADER" } })).to.equal(200);
    });

    it("that cannot be read are refused in S3's words", async () => {
      const said = async (headers: Record<string, string>) =>
        fetched(`${sandbox.endpoint}/older/a%20b`, { headers });
      expect(await said({ authorization: "Basic abc" })).to.deep.equal({
        status: 400,
        said: "InvalidArgument",
      });
      expect(await said({ authorization: "AWS AKIA:sig" })).to.deep.equal({
        status: 400,
        said: "InvalidRequest",
      });
      expect(await said({ authorization: "AWS4-HMAC-SHA256 Credential=a" })).to.include({
        status: 403,
        said: "AccessDenied",
      });
      expect(
        await said({ authorization: "AWS4-HMAC-SHA256 Signature=a", "x-amz-date": "20260101T000000Z" }),
      ).to.deep.equal({ status: 400, said: "AuthorizationHeaderMalformed" });
    });

    it("come with checksums of every kind that can be verified, and no other", async () => {
      const put = (name: string, value: string) =>
        signedFetch(sandbox.endpoint, keys, "s3", {
          method: "PUT",
          path: "/newer/checked",
          headers: { [`x-amz-checksum-${name}`]: value },
          body: "features",
        });
      const digest = (name: string) => createHash(name).update("features").digest("base64");
      for (const name of ["sha512", "md5"]) {
        expect((await put(name, digest(name))).status, name).to.equal(200);
        const wrong = await put(name, createHash(name).update("other").digest("base64"));
        expect(wrong.text, name).to.contain("<Code>BadDigest</Code>");
      }
      expect((await put("xxhash64", "AAAAAAAAAAA=")).status).to.equal(501);
    });
  });
});
