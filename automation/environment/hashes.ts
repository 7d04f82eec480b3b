/** Hashes that identify programs, settings and states. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { inKeyOrder } from "../graph/contractChanges";

/** The repository, or its installed package. */
const ROOT = join(__dirname, "..", "..");
/** The programs, and the code that passes them to the engine. */
const SOURCES = [
  "components",
  "automation/stacks/engineStacks.ts",
  "automation/graph/wiring.ts",
  "automation/environment/stageView.ts",
  // Stricter rules have to judge deployed stages too.
  "automation/stacks/policyCheck.ts",
  "policy-pack/rules",
];
/** Locks of the libraries to install, and of the installed ones. */
const LOCKS = ["package-lock.json", "node_modules/.package-lock.json"];

/**
 * SHA-256 (hex) over names and contents of the sources in `components/` and the lock files.
 * @param root folder that holds them; this project's own by default
 * @returns undefined if there is no lock file, because the program's libraries are then unknown
 */
export function programHash(root: string = ROOT): Promise<string | undefined> {
  return sourcesHash(SOURCES, root);
}

/** Like `programHash`, for other sources. @param names of files and folders in the root */
export async function sourcesHash(
  names: readonly string[],
  root: string = ROOT,
): Promise<string | undefined> {
  const locks = (await Promise.all(LOCKS.map((name) => contents(join(root, name))))).flat();
  if (locks.length === 0) return undefined;
  const sources = (await Promise.all(names.map((name) => contents(join(root, name))))).flat();
  const hash = createHash("sha256");
  const files = [...sources, ...locks].map(({ path, content }) => ({ name: nameIn(root, path), content }));
  for (const { name, content } of files.sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}

function nameIn(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

/** The file, or all files of the folder; empty if there is neither. */
async function contents(path: string): Promise<{ path: string; content: Buffer }[]> {
  try {
    return [{ path, content: await readFile(path) }];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code !== "EISDIR") throw error;
  }
  const entries = await readdir(path);
  return (await Promise.all(entries.map((entry) => contents(join(path, entry))))).flat();
}

/** Hash of the sources as this process loaded them: later edits count for later processes. */
export const LOADED_PROGRAM = programHash().catch(() => undefined);

/** SHA-256 (hex) of a JSON value, independent of the order of its members. */
export function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(inKeyOrder(value)) ?? "undefined")
    .digest("hex");
}
