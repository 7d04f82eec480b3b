/**
 * The sandbox's state: JSON collections in one `state.json`, written whole and atomically, and blobs as files beside it.
 * A change is on disk when `commit()` resolves, so nothing that a client was told is lost to a SIGKILL or a power cut.
 */
import { chmodSync, mkdirSync, readFileSync, readdirSync, unlinkSync } from "node:fs";
import { open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { AwsError, type Collection, type Store } from "./core";
import { SandboxError } from "./errors";
import { lockDirectory } from "./lock";

/** The version of the state's format; a newer one is refused, an older one has to be migrated in `readState`. */
const formatVersion = 1;

interface StateFile {
  readonly version: number;
  readonly collections: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A store, and the end of it: writes what is left and frees the directory. */
export interface OpenStore extends Store {
  close(): Promise<void>;
}

class MemoryCollection<T> implements Collection<T> {
  readonly #values: Map<string, T>;
  readonly #changed: () => void;
  #json: string | undefined;

  constructor(initial: Iterable<[string, T]>, changed: () => void) {
    this.#values = new Map(initial);
    this.#changed = changed;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }
  has(key: string): boolean {
    return this.#values.has(key);
  }
  values(): IterableIterator<T> {
    return this.#values.values();
  }
  entries(): IterableIterator<[string, T]> {
    return this.#values.entries();
  }
  set(key: string, value: T): void {
    this.#values.set(key, value);
    this.touch();
  }
  delete(key: string): boolean {
    const existed = this.#values.delete(key);
    if (existed) this.touch();
    return existed;
  }
  touch(): void {
    this.#json = undefined;
    this.#changed();
  }

  /** The collection as JSON; kept until the next change, as most commits change one collection of many. */
  json(): string {
    return (this.#json ??= JSON.stringify(Object.fromEntries(this.#values)));
  }
}

/** What a store keeps its bytes in. */
interface Medium {
  writeState(json: string): Promise<void>;
  putBlob(id: string, bytes: Buffer): Promise<void>;
  getBlob(id: string): Promise<Buffer>;
  deleteBlob(id: string): Promise<void>;
  close(): Promise<void>;
}

class CollectionStore implements OpenStore {
  readonly #collections = new Map<string, MemoryCollection<unknown>>();
  readonly #medium: Medium;
  #changes = 0;
  #saved = 0;
  #writing: Promise<void> | undefined;

  constructor(medium: Medium, state: StateFile | undefined) {
    this.#medium = medium;
    for (const [name, entries] of Object.entries(state?.collections ?? {})) this.#make(name, entries);
  }

  #make(name: string, entries: Readonly<Record<string, unknown>>): MemoryCollection<unknown> {
    const made = new MemoryCollection<unknown>(Object.entries(entries), () => this.#changes++);
    this.#collections.set(name, made);
    return made;
  }

  collection<T>(name: string): Collection<T> {
    return (this.#collections.get(name) ?? this.#make(name, {})) as Collection<unknown> as Collection<T>;
  }

  putBlob(id: string, bytes: Buffer): Promise<void> {
    return this.#medium.putBlob(checkedId(id), bytes);
  }
  getBlob(id: string): Promise<Buffer> {
    return this.#medium.getBlob(checkedId(id));
  }
  deleteBlob(id: string): Promise<void> {
    return this.#medium.deleteBlob(checkedId(id));
  }

  /** Group commit: requests that end while a write is under way share the next one. */
  async commit(): Promise<void> {
    const wanted = this.#changes;
    while (this.#saved < wanted) {
      this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const changes = this.#changes;
    const collections = [...this.#collections].map(
      ([name, entries]) => `${JSON.stringify(name)}:${entries.json()}`,
    );
    await this.#medium.writeState(
      `{"version":${formatVersion},"collections":{${collections.join(",\n")}}}\n`,
    );
    this.#saved = changes;
  }

  async close(): Promise<void> {
    try {
      await this.commit();
    } finally {
      await this.#medium.close();
    }
  }
}

/** A store without files, for tests. */
export function memoryStore(): OpenStore {
  const blobs = new Map<string, Buffer>();
  const done = Promise.resolve();
  return new CollectionStore(
    {
      writeState: () => done,
      putBlob: (id, bytes) => {
        blobs.set(id, Buffer.from(bytes));
        return done;
      },
      getBlob: (id) => {
        const bytes = blobs.get(id);
        return bytes ? Promise.resolve(bytes) : Promise.reject(missingBlob(id));
      },
      deleteBlob: (id) => {
        blobs.delete(id);
        return done;
      },
      close: () => done,
    },
    undefined,
  );
}

/**
 * Opens the state in `directory` (made if absent, readable by its owner only) and keeps it from other sandboxes.
 * Throws `SandboxError` where it is in use, not writable, of a newer version, or not readable as state; nothing is changed then.
 */
export async function openStore(directory: string): Promise<OpenStore> {
  const blobs = join(directory, "blobs");
  try {
    mkdirSync(blobs, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
  } catch (error) {
    throw new SandboxError(
      "unwritable",
      `The state directory ${directory} cannot be written: ${reason(error)}. Give another with --state.`,
    );
  }
  const unlock = await lockDirectory(directory);
  try {
    const state = readState(join(directory, "state.json"));
    removeLeftovers(directory);
    removeLeftovers(blobs);
    return new CollectionStore(
      {
        writeState: (json) => writeAtomically(directory, "state.json", json),
        putBlob: (id, bytes) => writeAtomically(blobs, id, bytes),
        getBlob: (id) => readFile(join(blobs, id)),
        deleteBlob: (id) => unlink(join(blobs, id)).catch(ignoreAbsent),
        close: unlock,
      },
      state,
    );
  } catch (error) {
    await unlock();
    throw error;
  }
}

function readState(path: string): StateFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SandboxError("unreadable", `The state ${path} cannot be read: ${reason(error)}.`);
  }
  let state: Partial<StateFile> | null;
  try {
    state = JSON.parse(text) as Partial<StateFile> | null;
  } catch (error) {
    throw new SandboxError(
      "unreadable",
      `The state ${path} is damaged (${reason(error)}). It is left as it is: move it away or choose another --state.`,
    );
  }
  if (typeof state?.version !== "number" || typeof state.collections !== "object")
    throw new SandboxError(
      "unreadable",
      `${path} is not a sandbox's state. It is left as it is: choose another --state.`,
    );
  if (state.version > formatVersion)
    throw new SandboxError(
      "unreadable",
      `The state ${path} was written by a newer sandbox (format ${state.version}, this one reads ${formatVersion}). It is left as it is: choose another --state.`,
    );
  return state as StateFile;
}

/** Half-written files of a process that was killed: never renamed, so never part of the state. */
function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) if (name.endsWith(".tmp")) unlinkSync(join(directory, name));
}

let temporary = 0;

async function writeAtomically(directory: string, name: string, content: string | Buffer): Promise<void> {
  const path = join(directory, `${name}.${temporary++}.tmp`);
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(path, join(directory, name));
  const parent = await open(directory, "r"); // the rename itself is durable once the directory is
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}

function checkedId(id: string): string {
  if (!/^[A-Za-z0-9-]{1,200}$/.test(id)) throw new Error(`not a blob id: ${JSON.stringify(id)}`);
  return id;
}

function missingBlob(id: string): Error {
  return new AwsError("InternalFailure", `The sandbox's state lacks the blob ${id}.`, 500);
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
