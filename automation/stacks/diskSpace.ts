/** Room for the state, before an update begins: on a full disk the engine's files are cut off (`tornState.ts`). */
import { readdir, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ExitCode, UserError } from "../model/errors";
import { backendUrl, stateFolder } from "./stateFiles";

/** In bytes: plans, logs and first states. */
const AT_LEAST = 32 * 1024 ** 2;
/** The engine keeps each state as it is, as it was, in the history and in its backups; an update writes it several times. */
const COPIES = 8;

/** The words of the file system and of the engine for it. */
export const DISK_FULL =
  /no space left on device|disk quota exceeded|not enough space on the disk|ENOSPC|EDQUOT/i;

/** @returns bytes that may be written on the disk of the folder */
export type FreeSpace = (folder: string) => Promise<number>;

const freeSpace: FreeSpace = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/**
 * Nothing is asked of other backends than folders but room for the workspaces.
 * @throws UserError (disk) naming the folder, what is free and what may be needed
 */
export async function roomForState(
  project: { readonly name: string; readonly backend?: unknown },
  free: FreeSpace = freeSpace,
): Promise<void> {
  const folder = stateFolder(backendUrl(project));
  const states = folder && (await sizeOf(join(folder, ".pulumi", "stacks", project.name)));
  const places: [string, string, number][] = [["working files", tmpdir(), AT_LEAST]];
  if (folder) places.push(["state", folder, AT_LEAST + COPIES * (states || 0)]);
  for (const [what, place, needed] of places) {
    const room = await free(await existing(place));
    if (room >= needed) continue;
    throw new UserError(
      ExitCode.disk,
      `the disk of ${place}, where the ${what} is kept, has ${inMiB(room)} free, and an update may need ${inMiB(needed)}`,
      "Nothing was touched. Free some space and run it again.",
    );
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => null))?.size),
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** The folder, or the one of its parents that exists. */
async function existing(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found || dirname(folder) === folder ? folder : existing(dirname(folder));
}

const inMiB = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MiB`;
