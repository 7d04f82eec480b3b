/**
 * Makes a folder of the cache once, whoever asks at the same time: made aside under a lock, then moved into place
 * whole. A maker that is killed leaves nothing under the folder's name; what it left aside is cleared by the next.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { withBeat } from "./beat";

export interface KeepOptions {
  /** False for a folder that is there but of no use (another C library, a cut-off copy): it is made again. */
  readonly usable?: () => Promise<boolean>;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the lock of a maker that was killed counts as left behind. */
  readonly stale?: number;
  /** Milliseconds between looks at another's lock. */
  readonly pause?: number;
}

/**
 * @param folder absolute path; `make` fills the empty folder that it is given, or throws.
 * @returns once `folder` is there and usable, made by this process or by another.
 * @throws what `make` throws; the signal's reason if it is aborted while another makes the folder.
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
    // A lock that another process took for left behind (this machine slept) is no longer ours to release.
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
    // Whoever took the lock for left behind may have been the faster.
    if (!(await done())) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** What releases the lock, or undefined if the folder was made by another meanwhile. */
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
        // Losing the lock is no fault: what is made is moved into place whole, by whoever is first.
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
      `waiting for another process that provides the engine already (lock ${folder}.lock): ${seconds} s`,
    async () => {
      for (;;) {
        signal?.throwIfAborted();
        await sleep(pause);
        // The folder comes before the lock goes: one look without the lock is enough.
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
