/**
 * Makes a folder of the cache once, whoever asks at the same time: made aside under a lock, then moved into place
 * whole. A maker that is killed leaves nothing under the folder's name; what it left aside is cleared by the next.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";

export interface KeepOptions {
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the lock of a maker that was killed counts as left behind. */
  readonly stale?: number;
  /** Milliseconds between looks at another's lock. */
  readonly pause?: number;
}

/**
 * @param folder absolute path; `make` fills the empty folder that it is given, or throws.
 * @returns once `folder` is there, made by this process or by another.
 */
export async function keep(
  folder: string,
  make: (into: string) => Promise<void>,
  options: KeepOptions = {},
): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const release = await takeTurn(folder, options);
  if (!release) return;
  try {
    if (existsSync(folder)) return;
    await clearLeftovers(folder);
    const aside = join(dirname(folder), `${LEFT_ASIDE}${basename(folder)}-${process.pid}`);
    try {
      await mkdir(aside, { recursive: true });
      await make(aside);
      await rename(aside, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  } finally {
    await release();
  }
}

const LEFT_ASIDE = ".making-";

/** The lock, or undefined if the folder was made by another meanwhile. */
async function takeTurn(folder: string, options: KeepOptions): Promise<(() => Promise<void>) | undefined> {
  const { progress, signal, stale = 15_000, pause = 500 } = options;
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lock(folder, { realpath: false, stale, update: stale / 3 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (!told) progress?.("waiting: another process is at it already");
      told = true;
      await sleep(pause);
      if (existsSync(folder)) return undefined;
    }
  }
}

async function clearLeftovers(folder: string): Promise<void> {
  const beginning = `${LEFT_ASIDE}${basename(folder)}-`;
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(beginning)) await rm(join(dirname(folder), name), { recursive: true, force: true });
}
