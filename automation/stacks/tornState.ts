/**
 * Repairs state files that a killed engine or a full disk left torn. In a folder backend the engine writes each file to a
 * temporary name and then renames it, even if the write was incomplete: a full disk cuts off states, their backups and locks,
 * and every later run fails with "unexpected end of JSON input". The engine writes a sidecar `NAME.attrs` (content type and
 * checksum, which nobody reads) in place, so that SIGKILL can tear it too.
 */
import { copyFile, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "../environment/project";
import { backendUrl } from "./stateFiles";
import { mergedState, stateIn, wholePart, type StateFile } from "./stateText";

/** Milliseconds that writing a lock takes at most. */
const BEING_WRITTEN = 1_000;

/**
 * Repairs one stack's files: a torn state from its last whole copy and the complete resources in the torn file. Takes a few
 * milliseconds if nothing is torn; does nothing if the backend is not a folder.
 * @returns lines for the user
 * @throws the file system's errors
 */
export async function repairTornState({ project }: Environment, stack: string): Promise<readonly string[]> {
  const url = backendUrl(project) ?? "";
  if (!url.startsWith("file://")) return [];
  const base = join(fileURLToPath(url.split("?")[0] ?? ""), ".pulumi");
  const isSidecar = (name: string) => name.startsWith(`${stack}.json`) && name.endsWith(".attrs");
  await removeTorn(join(base, "stacks", project.name), isSidecar);
  // The engine treats every file there as a lock. A run that could not write its lock never held it.
  const locks = await removeTorn(
    join(base, "locks", "organization", project.name, stack),
    () => true,
    BEING_WRITTEN,
  );
  const removed = locks > 0 ? ["removed a torn lock, which a run on a full disk leaves"] : [];
  return [...removed, ...(await repairState(base, project.name, stack))];
}

/** @param minimumAge in milliseconds. @returns number of files */
async function removeTorn(
  folder: string,
  isIncluded: (name: string) => boolean,
  minimumAge = 0,
): Promise<number> {
  const torn: string[] = [];
  for (const name of (await namesIn(folder)).filter(isIncluded)) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
    const isComplete = minimumAge === 0 || Date.now() - mtimeMs >= minimumAge;
    if (isComplete && (await isTorn(file))) torn.push(file);
  }
  for (const file of torn) await rm(file, { force: true });
  return torn.length;
}

async function repairState(base: string, project: string, stack: string): Promise<string[]> {
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
  for (const copy of copies) if (!whole && stateIn(await textOf(copy))) whole = copy;
  const [newer, before] = await Promise.all(
    [file, `${file}.bak`].map(async (name) => wholePart(await textOf(name))),
  );
  const written = count(before) > count(newer) ? before : newer;
  const merged = mergedState(written, whole === undefined ? undefined : stateIn(await textOf(whole)));
  const kept = `The torn file is kept as ${file}.torn.`;
  if (!merged) {
    await rename(file, `${file}.torn`);
    return [`the stack's state was torn, perhaps by a full disk, before it held anything. ${kept}`];
  }
  const draft = `${file}.repaired`;
  try {
    await writeFile(draft, JSON.stringify(merged, null, 4));
    await copyFile(file, `${file}.torn`);
    await rename(draft, file);
  } catch (error) {
    // Still no room: the files stay unchanged for the next try.
    await rm(draft, { force: true });
    throw error;
  }
  return [
    `the stack's state was torn, perhaps by a full disk: it was repaired from ${whole ?? "its readable part"}, ` +
      `with ${count(merged)} resources. The last resources of the killed run may be missing in it: ` +
      `\`npm run leftovers\` finds them. ${kept}`,
  ];
}

const count = (state: StateFile | undefined) => state?.checkpoint.latest?.resources?.length ?? 0;

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Empty if there is no such file. */
function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

/** True if the file exists and is not JSON. */
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
