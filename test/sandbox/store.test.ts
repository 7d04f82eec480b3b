/**
 * The state store: what survives, what is refused, who may open it. Kills are simulated by the files they leave (half-written
 * ones, a lock of a dead process); a real SIGKILL of a running sandbox is in server.test.ts.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SandboxError } from "../../packages/sandbox/errors";
import { openStore } from "../../packages/sandbox/store/stateFiles";
import { CollectionStore, memoryStore } from "../../packages/sandbox/store/store";

describe("store", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "sandbox-store-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const refusal = async (): Promise<SandboxError> => {
    try {
      await openStore(directory);
    } catch (error) {
      expect(error).to.be.instanceOf(SandboxError);
      return error as SandboxError;
    }
    throw new Error("opening was expected to be refused");
  };

  it("gives back what was committed, in a new process's eyes, without a close", async () => {
    const first = await openStore(directory);
    const things = first.collection<{ n: number; list?: string[] }>("x.things");
    things.set("a", { n: 1 });
    things.set("__proto__", { n: 2 });
    things.set("b", { n: 3, list: [] });
    await first.commit();
    things.get("b")?.list?.push("changed in place");
    things.touch();
    await first.commit();
    things.set("c", { n: 4 }); // never committed
    const saved = join(directory, "state.json");
    expect(readFileSync(saved, "utf8")).to.contain("changed in place").and.not.contain('"c"');

    rmSync(join(directory, "lock.json")); // as if the first process had gone
    const second = await openStore(directory);
    const read = second.collection<{ n: number; list?: string[] }>("x.things");
    expect([...read.entries()]).to.deep.equal([
      ["a", { n: 1 }],
      ["__proto__", { n: 2 }],
      ["b", { n: 3, list: ["changed in place"] }],
    ]);
    expect(read.delete("a")).to.equal(true);
    expect(read.delete("a")).to.equal(false);
    await second.close();
  });

  it("keeps state and blobs from other users of the machine", async () => {
    const store = await openStore(directory);
    store.collection("x").set("a", 1);
    await store.putBlob("b-1", Buffer.from("bytes"));
    await store.commit();
    for (const [path, mode] of [
      ["state.json", 0o600],
      ["lock.json", 0o600],
      ["blobs", 0o700],
      ["blobs/b-1", 0o600],
    ] as const)
      expect(statSync(join(directory, path)).mode & 0o777, path).to.equal(mode);
    await store.close();
    expect(readdirSync(directory).sort()).to.deep.equal(["blobs", "state.json"]);
  });

  it("stores, replaces and deletes blobs, and takes no path as an id", async () => {
    const store = await openStore(directory);
    await store.putBlob("a", Buffer.from("1"));
    await store.putBlob("a", Buffer.from("2"));
    expect((await store.getBlob("a")).toString()).to.equal("2");
    await store.deleteBlob("a");
    await store.deleteBlob("a");
    expect(await store.getBlob("a").catch(() => "gone")).to.equal("gone");
    expect(() => store.putBlob("../a", Buffer.from("3"))).to.throw("not a blob id");
    await store.close();
  });

  it("shares one write among commits that wait for it", async () => {
    const written: string[] = [];
    const store = new CollectionStore(
      {
        writeState: async (json) => {
          await new Promise((resolve) => setImmediate(resolve));
          written.push(json);
        },
        putBlob: () => Promise.resolve(),
        getBlob: () => Promise.resolve(Buffer.alloc(0)),
        deleteBlob: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      undefined,
    );
    const values = store.collection<number>("x");
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        values.set(String(index), index);
        await store.commit();
      }),
    );
    expect(written.length).to.be.lessThan(4);
    expect(
      Object.keys((JSON.parse(written.at(-1) ?? "") as { collections: { x: object } }).collections.x),
    ).to.have.length(50);
    await store.commit();
    expect(written.length).to.be.lessThan(4);
  });

  it("lets a failed write fail its commit, and writes again at the next", async () => {
    let fail = true;
    let writes = 0;
    const store = new CollectionStore(
      {
        writeState: () => (fail ? Promise.reject(new Error("disk full")) : Promise.resolve(void writes++)),
        putBlob: () => Promise.resolve(),
        getBlob: () => Promise.resolve(Buffer.alloc(0)),
        deleteBlob: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      undefined,
    );
    store.collection("x").set("a", 1);
    expect(await store.commit().catch((error: Error) => error.message)).to.equal("disk full");
    fail = false;
    await store.commit();
    expect(writes).to.equal(1);
  });

  it("removes what a killed process left half-written", async () => {
    await (await openStore(directory)).close();
    writeFileSync(join(directory, "state.json.7.tmp"), "{");
    writeFileSync(join(directory, "blobs", "a.8.tmp"), "x");
    await (await openStore(directory)).close();
    expect(readdirSync(directory)).not.to.include("state.json.7.tmp");
    expect(readdirSync(join(directory, "blobs"))).to.deep.equal([]);
  });

  it("refuses a damaged state, a foreign file and a newer format, and leaves them as they are", async () => {
    for (const [text, word] of [
      ['{"version":1,"coll', "damaged"],
      ["[]", "not a sandbox's state"],
      ['{"version":99,"collections":{}}', "newer sandbox"],
    ] as const) {
      writeFileSync(join(directory, "state.json"), text);
      const error = await refusal();
      expect(error.kind).to.equal("unreadable");
      expect(error.message).to.contain(word).and.contain("--state");
      expect(readFileSync(join(directory, "state.json"), "utf8")).to.equal(text);
    }
    expect(readdirSync(directory)).not.to.include("lock.json");
  });

  it("refuses a directory that another sandbox holds, also one of this process", async () => {
    const store = await openStore(directory);
    const error = await refusal();
    expect(error.kind).to.equal("stateInUse");
    expect(error.message).to.contain(`process ${process.pid}`);
    await store.close();
    await (await openStore(directory)).close();
  });

  it("takes over at once the lock of a process that is gone, or whose ID is another's now", async () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const holder of [
      { pid: gone, started: "" },
      { pid: process.pid, started: "another boot/1" },
      "half-writ",
    ]) {
      writeFileSync(
        join(directory, "lock.json"),
        typeof holder === "string" ? holder : JSON.stringify(holder),
      );
      await (await openStore(directory)).close();
    }
  });

  it("refuses a directory that cannot be made", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const error = await openStore(join(file, "state")).catch((reason: unknown) => reason as SandboxError);
    expect((error as SandboxError).kind).to.equal("unwritable");
  });

  it("is the same in memory, without files", async () => {
    const store = memoryStore();
    store.collection<number>("x").set("a", 1);
    await store.putBlob("b", Buffer.from("bytes"));
    await store.commit();
    expect(store.collection<number>("x").get("a")).to.equal(1);
    expect((await store.getBlob("b")).toString()).to.equal("bytes");
    expect(await store.getBlob("c").catch((error: Error) => error.message)).to.contain("lacks the blob c");
    await store.close();
  });
});
