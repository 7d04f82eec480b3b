/**
 * State files that a killed engine or a full disk left half written. Where the backend is a folder, the engine writes each
 * file aside and then puts it in its place, also when not all of it could be written: on a full disk states, their backups
 * and locks are cut off, and every later run fails with "unexpected end of JSON input". A sidecar `NAME.attrs` (content
 * type and checksum, which nobody reads) is written in place, and cut off by SIGKILL too.
 */
import { copyFile, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "../environment/project";
import { mergedState, stateIn, wholePart, type StateFile } from "./salvage";
import { backendUrl } from "./stateFiles";

/** Milliseconds that a lock takes to be written, at most. */
const BEING_WRITTEN = 1_000;

/**
 * Mends what is cut off of one stack: a state from its last whole copy and the whole resources in what was written of
 * the next one. Costs a few milliseconds where all is well; does nothing where the backend is no folder.
 * @returns lines that say what the user should know
 * @throws the file system's errors
 */
export async function mendTornState({ project }: Environment, stack: string): Promise<readonly string[]> {
  const url = backendUrl(project) ?? "";
  if (!url.startsWith("file://")) return [];
  const base = join(fileURLToPath(url.split("?")[0] ?? ""), ".pulumi");
  await removeTornSidecars(join(base, "stacks", project.name), stack);
  const locks = await removeTornLocks(join(base, "locks", "organization", project.name, stack));
  return [...locks, ...(await mendState(base, project.name, stack))];
}

async function removeTornSidecars(folder: string, stack: string): Promise<void> {
  for (const name of await namesIn(folder))
    if (name.startsWith(`${stack}.json`) && name.endsWith(".attrs") && (await isTorn(join(folder, name))))
      await rm(join(folder, name), { force: true });
}

/** The engine takes every file there for a lock. That of a run that could not write it was never held. */
async function removeTornLocks(folder: string): Promise<string[]> {
  const torn: string[] = [];
  for (const name of await namesIn(folder)) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
    const isBeingWritten = Date.now() - mtimeMs < BEING_WRITTEN;
    if (!isBeingWritten && (await isTorn(join(folder, name)))) torn.push(join(folder, name));
  }
  for (const file of torn) await rm(file, { force: true });
  return torn.length > 0 ? ["removed the lock of a run that could not write it, as on a full disk"] : [];
}

async function mendState(base: string, project: string, stack: string): Promise<string[]> {
  const file = join(base, "stacks", project, `${stack}.json`);
  if (!(await isTorn(file))) return [];
  const newestFirst = async (folder: string, ending: string) =>
    (await namesIn(folder))
      .filter((name) => name.endsWith(ending))
      .sort()
      .reverse()
      .map((name) => join(folder, name));
  const copies = [
    `${file}.bak`,
    ...(await newestFirst(join(base, "backups", project, stack), ".json")),
    ...(await newestFirst(join(base, "history", project, stack), ".checkpoint.json")),
  ];
  let whole: string | undefined;
  for (const copy of copies) if (!whole && (await stateOf(copy))) whole = copy;
  const [newer, before] = await Promise.all(
    [file, `${file}.bak`].map(async (name) => wholePart(await textOf(name))),
  );
  const written = count(before) > count(newer) ? before : newer;
  const merged = mergedState(written, whole === undefined ? undefined : await stateOf(whole));
  const kept = `What was cut off is kept in ${file}.torn.`;
  if (!merged) {
    await rename(file, `${file}.torn`);
    return [`the stack's state was cut off, as on a full disk, before anything was in it. ${kept}`];
  }
  const draft = `${file}.mended`;
  try {
    await writeFile(draft, JSON.stringify(merged, null, 4));
    await copyFile(file, `${file}.torn`);
    await rename(draft, file);
  } catch (error) {
    // Still no room: all is as it was, and is tried again.
    await rm(draft, { force: true });
    throw error;
  }
  return [
    `the stack's state was cut off, as on a full disk: it is mended from ${whole ?? "what was written of it"}, ` +
      `with ${count(merged)} resources. What the run that was cut off made last may be missing in it: ` +
      `\`npm run leftovers\` finds what nobody knows of. ${kept}`,
  ];
}

const count = (state: StateFile | undefined) => state?.checkpoint.latest?.resources?.length ?? 0;

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function stateOf(file: string) {
  return stateIn(await textOf(file));
}

/** Empty where there is no such file. */
function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

/** True for a file that is there and no JSON. */
async function isTorn(file: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
