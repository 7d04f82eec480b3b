/** The state on disk: `state.json` and `blobs/`, each file written completely, synced, and renamed into place. */
import { mkdirSync, readFileSync, readdirSync, unlinkSync } from "node:fs";
import { open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { SandboxError } from "../errors";
import { lockDirectory } from "./lock";
import { CollectionStore, formatVersion, type OpenStore, type StateFile } from "./store";

/**
 * Opens the state in `directory` (created if absent; only its owner can read its files) and locks it against other sandboxes. Throws
 * `SandboxError` if it is in use, not writable, of a newer version, or not readable as state, and then changes nothing.
 */
export async function openStore(directory: string): Promise<OpenStore> {
  const blobs = join(directory, "blobs");
  try {
    // The mode of an existing directory is its owner's choice: the files in it are private anyway.
    mkdirSync(blobs, { recursive: true, mode: 0o700 });
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
  const unreadable = (what: string) =>
    new SandboxError(
      "unreadable",
      `${what} It was not changed: move it away, or give another directory with --state.`,
    );
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(`The state ${path} cannot be read: ${reason(error)}.`);
  }
  let state: Partial<StateFile> | null;
  try {
    state = JSON.parse(text) as Partial<StateFile> | null;
  } catch (error) {
    throw unreadable(`The state ${path} is damaged: ${reason(error)}.`);
  }
  if (typeof state?.version !== "number" || typeof state.collections !== "object")
    throw unreadable(`${path} is not a sandbox's state.`);
  if (state.version > formatVersion)
    throw unreadable(
      `The state ${path} was written by a newer sandbox (format ${state.version}, this one reads ${formatVersion}).`,
    );
  return state as StateFile;
}

/** Half-written files of a killed process: they were never renamed, so they are not part of the state. */
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
  const parent = await open(directory, "r"); // the rename is durable only after its directory is synced
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
