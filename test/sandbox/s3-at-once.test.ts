// What only shows when requests meet: conditions on writes hold for one of many, and an upload ends once. The sandbox serves
// one process: this proves its own interleavings, not those of S3's many servers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutBucketAclCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { clients, refusal, type Clients } from "./support";

const Bucket = "at-once";

/** `ok`, or the code of the refusal, and how often. */
async function outcomes(requests: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(requests)) {
    const name = outcome.status === "fulfilled" ? "ok" : (outcome.reason as Error).name;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe("sandbox S3, requests at once", () => {
  let sandbox: Sandbox;
  let client: Clients["s3"];
  let state: string;
  before(async () => {
    // On disk: in memory no write takes long enough for another to come between.
    state = mkdtempSync(join(tmpdir(), "s3-at-once-"));
    sandbox = await startSandbox({ state });
    const keys = sandbox.accounts[0] ?? sandbox.base;
    client = clients(sandbox.endpoint, keys, "us-east-1").s3;
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    await sandbox.close();
    rmSync(state, { recursive: true });
  });

  const times = <T>(count: number, request: (index: number) => Promise<T>) =>
    Array.from({ length: count }, (_, index) => request(index));
  const put = (Key: string, Body: string, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const newUpload = async (Key: string, size = 3) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: "x".repeat(size) };
    const { ETag } = await client.send(new UploadPartCommand(part));
    return { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
  };

  it("lets one of many writes be the first of its key", async () => {
    const writes = times(12, (index) => put("first", `writer ${index}`, { IfNoneMatch: "*" }));
    expect(await outcomes(writes)).to.deep.equal({ ok: 1, PreconditionFailed: 11 });
  });

  it("lets one of many writes replace what all have seen", async () => {
    const { ETag } = await put("replaced", "seen by all");
    const writes = times(12, (index) => put("replaced", `writer ${index}`, { IfMatch: ETag }));
    expect(await outcomes(writes)).to.deep.equal({ ok: 1, PreconditionFailed: 11 });
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "replaced" }));
    expect(await Body?.transformToString()).to.match(/^writer \d+$/);
  });

  it("completes or aborts an upload once, and keeps one that its condition refused", async () => {
    const upload = await newUpload("ended");
    const ends = times(8, (index) =>
      index % 2 === 0
        ? client.send(new CompleteMultipartUploadCommand(upload))
        : client.send(new AbortMultipartUploadCommand(upload)),
    );
    expect(await outcomes(ends)).to.deep.equal({ ok: 1, NoSuchUpload: 7 });

    const [one, other] = [await newUpload("taken"), await newUpload("taken")];
    const complete = (each: typeof one, more: object = {}) =>
      client.send(new CompleteMultipartUploadCommand({ ...each, ...more }));
    const both = [one, other].map((each) => complete(each, { IfNoneMatch: "*" }));
    expect(await outcomes(both)).to.deep.equal({ ok: 1, PreconditionFailed: 1 });
    expect(await outcomes([one, other].map((each) => complete(each)))).to.deep.equal({
      ok: 1,
      NoSuchUpload: 1,
    });
  });

  it("writes nothing into a bucket that is gone meanwhile", async () => {
    const brief = { Bucket: "brief" };
    await client.send(new CreateBucketCommand(brief));
    const writes = times(6, () => client.send(new PutObjectCommand({ ...brief, Key: "k", Body: "x" })));
    const removed = client.send(new DeleteBucketCommand(brief)).then(
      () => true,
      () => false,
    );
    const counts = await outcomes(writes);
    if (await removed) {
      expect(counts["ok"] ?? 0).to.equal(0);
      expect((await refusal(client.send(new HeadBucketCommand(brief)))).status).to.equal(404);
    } else expect(counts["ok"] ?? 0).to.be.greaterThan(0);
  });

  it("tells the order of parts before anything else of them, and where the object is", async () => {
    const upload = await newUpload("a b/c");
    const [part] = upload.MultipartUpload.Parts;
    const wrong = {
      Parts: [
        { ...part, PartNumber: 2 },
        { ...part, PartNumber: 1 },
      ],
    };
    const refused = client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: wrong }));
    expect((await refusal(refused)).name).to.equal("InvalidPartOrder");
    const { Location } = await client.send(new CompleteMultipartUploadCommand(upload));
    expect(Location).to.equal(`${sandbox.endpoint}/${Bucket}/a%20b%2Fc`);
  });

  it("takes no ACL for a bucket whose owner is enforced, not even private", async () => {
    const refused = await refusal(client.send(new PutBucketAclCommand({ Bucket, ACL: "private" })));
    expect(refused).to.include({ name: "AccessControlListNotSupported", status: 400 });
  });

  it("refuses what it would have to lock, and does not replace an object by what was to be appended", async () => {
    const locked = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date("2030-01-01") };
    expect((await refusal(put("locked", "x", locked))).name).to.equal("InvalidRequest");
    await put("log", "first");
    expect(await refusal(put("log", "second", { WriteOffsetBytes: 5 }))).to.include({ status: 501 });
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "log" }));
    expect(await Body?.transformToString()).to.equal("first");
  });

  it("names a version that can be none as invalid, and one that is not there as absent", async () => {
    await put("versions", "x");
    const get = (VersionId: string) =>
      client.send(new GetObjectCommand({ Bucket, Key: "versions", VersionId }));
    expect((await refusal(get("bad"))).name).to.equal("InvalidArgument");
    expect((await refusal(get("0123456789abcdef0123456789abcdef"))).name).to.equal("NoSuchVersion");
  });
});
