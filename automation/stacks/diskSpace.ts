/** Checks for free space before an update: a full disk leaves the engine's state files torn (`tornState.ts`). */
import { readdir, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ExitCode, UserError } from "../model/errors";
import { backendUrl, stateFolder } from "./stateFiles";

/** Minimum in bytes, for plans, logs and first states. */
const AT_LEAST = 32 * 1024 ** 2;
/** The engine keeps each state, its copy, a history and backups, and an update writes it several times. */
const COPIES = 8;

/** Messages of the file system and the engine about a full disk. */
export const DISK_FULL =
  /no space left on device|disk quota exceeded|not enough space on the disk|ENOSPC|EDQUOT/i;

/** @returns free bytes on the disk of the folder */
export type FreeSpace = (folder: string) => Promise<number>;

const freeSpace: FreeSpace = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/**
 * If the backend is not a folder, only the workspaces need space.
 * @throws UserError (disk) naming the folder, the free and the needed space
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
      `the disk of ${place}, with the ${what}, has ${inMiB(room)} free, and an update may need ${inMiB(needed)}`,
      "Nothing was changed. Free some space and run the command again.",
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

/** The folder, or its nearest existing parent. */
async function existing(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found || dirname(folder) === folder ? folder : existing(dirname(folder));
}

const inMiB = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MiB`;
