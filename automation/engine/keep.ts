/**
 * Creates a cache folder once, however many processes ask at the same time: under a lock and a temporary name, then renamed. A
 * killed process leaves nothing under the folder's own name; the next one removes its temporary folder.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { withBeat } from "./beat";

export interface KeepOptions {
  /** False for a folder that cannot be used (another C library, an incomplete copy), which is then recreated. */
  readonly usable?: () => Promise<boolean>;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the lock of a killed process counts as abandoned. */
  readonly stale?: number;
  /** Milliseconds between checks of another process's lock. */
  readonly pause?: number;
}

/**
 * @param folder absolute path; `make` fills an empty folder, or throws
 * @returns once `folder` is usable, created by this process or another
 * @throws the error of `make`; the signal's reason if it is aborted while another process creates the folder
 */
export async function keep(
  folder: string,
  make: (into: string) => Promise<void>,
  options: KeepOptions = {},
): Promise<void> {
  const { usable = () => Promise.resolve(true) } = options;
  const done = async () => existsSync(folder) && (await usable());
  if (await done()) return;
  await mkdir(dirname(folder), { recursive: true });
  const release = await takeTurn(folder, done, options);
  if (!release) return;
  try {
    if (await done()) return;
    await clearLeftovers(folder);
    await makeAside(folder, make, done);
  } finally {
    // After this machine slept, another process may have taken over the lock: then this one cannot release it.
    await release().catch(() => undefined);
  }
}

const LEFT_ASIDE = ".making-";

async function makeAside(
  folder: string,
  make: (into: string) => Promise<void>,
  done: () => Promise<boolean>,
): Promise<void> {
  const aside = await mkdtemp(join(dirname(folder), `${LEFT_ASIDE}${basename(folder)}-`));
  try {
    await make(aside);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } catch (error) {
    // A process that considered the lock abandoned may have been faster.
    if (!(await done())) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** @returns a function that releases the lock, or undefined if another process has created the folder */
async function takeTurn(
  folder: string,
  done: () => Promise<boolean>,
  options: KeepOptions,
): Promise<(() => Promise<void>) | undefined> {
  const { progress = () => undefined, signal, stale = 15_000, pause = 500 } = options;
  const take = async () => {
    try {
      return await lock(folder, {
        realpath: false,
        stale,
        update: stale / 3,
        // Losing the lock is no failure: the first process to finish renames its folder into place.
        onCompromised: () => undefined,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      return undefined;
    }
  };
  const first = await take();
  if (first) return first;
  return withBeat(
    progress,
    (seconds) =>
      `waiting for another process that is providing the engine (lock ${folder}.lock): ${seconds} s`,
    async () => {
      for (;;) {
        signal?.throwIfAborted();
        await sleep(pause);
        // The folder exists before the lock is released: one check without the lock is enough.
        if (existsSync(folder) && (await done())) return undefined;
        const release = await take();
        if (release) return release;
      }
    },
  );
}

async function clearLeftovers(folder: string): Promise<void> {
  const beginning = `${LEFT_ASIDE}${basename(folder)}-`;
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(beginning)) await rm(join(dirname(folder), name), { recursive: true, force: true });
}
