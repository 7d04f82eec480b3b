/**
 * The sandbox's state: JSON collections, written whole and atomically as one file, and blobs beside it (see `stateFiles.ts`). A change is on
 * disk when `commit()` resolves, so a SIGKILL or a power cut loses nothing that a client was told.
 */
import { AwsError, type Collection, type Store } from "../core";

/** The version of the state's format. If you raise it, make `stateFiles.ts` read the older one. */
export const formatVersion = 1;

export interface StateFile {
  readonly version: number;
  readonly collections: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A store that can be closed: that writes what is left and frees the directory. */
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

  /** The collection as JSON, cached until the next change, because most commits change one collection of many. */
  json(): string {
    return (this.#json ??= JSON.stringify(Object.fromEntries(this.#values)));
  }
}

/** The medium that a store writes its bytes to. */
export interface Medium {
  writeState(json: string): Promise<void>;
  putBlob(id: string, bytes: Buffer): Promise<void>;
  getBlob(id: string): Promise<Buffer>;
  deleteBlob(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Collections in memory, written to their medium by `commit`. */
export class CollectionStore implements OpenStore {
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

  /** Group commit: requests that end during a write share the next one. */
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

/** A store without files, for tests and for sandboxes in memory. */
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

function checkedId(id: string): string {
  if (!/^[A-Za-z0-9-]{1,200}$/.test(id)) throw new Error(`not a blob id: ${JSON.stringify(id)}`);
  return id;
}

function missingBlob(id: string): Error {
  return new AwsError("InternalFailure", `The sandbox's state lacks the blob ${id}.`, 500);
}
