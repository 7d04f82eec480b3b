/**
 * Puts the sandbox's Pulumi provider where the engine looks for the plugin of pulumi-aws. It is bundled into one file, and V8's code
 * of it is kept, as each run of the engine pays for its start.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import * as files from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** The bundle of the packed package. In the repository there is none: the provider is bundled from its sources. */
const PACKED = join(__dirname, "plugin");
/** Start of the names of folders that are being made. The engine knows plugins by `resource-`. */
const ASIDE = ".making-";
/** Milliseconds after which such a folder counts as left by a killed process. */
const LEFT_OVER = 10 * 60_000;
/** Milliseconds after which an unused build in the cache is removed. */
const UNUSED = 7 * 24 * 60 * 60_000;

export interface InstallOptions {
  /** The version of pulumi-aws that the programs use (`7.48.0`): the engine looks plugins up by it. */
  readonly version: string;
  /** Absolute path of a folder that keeps builds for all homes; without it each home has its own. */
  readonly cache?: string;
}

/**
 * Installs the sandbox's `pulumi-resource-aws` in a PULUMI_HOME. It has the resource types of the feature-store-access components, and
 * talks to the endpoint that `AWS_ENDPOINT_URL` names. A home of the sandbox's own keeps it away from real accounts.
 * Safe if several processes do it at once; does nothing where the same provider is installed already.
 *
 * @param pulumiHome Absolute path of the folder that `PULUMI_HOME` names; made if absent.
 * @returns The plugin's folder, `plugins/resource-aws-vVERSION` of the home.
 * @throws Error of the bundler or the file system.
 */
export async function installProvider(
  pulumiHome: string,
  { version, cache }: InstallOptions,
): Promise<string> {
  const folder = join(pulumiHome, "plugins", `resource-aws-v${version}`);
  const mark = await markOfSources();
  const make = cache
    ? async (made: string) => files.cp(await built(cache, mark), made, { recursive: true })
    : (made: string) => build(made, mark);
  await putInPlace(folder, mark, make);
  return folder;
}

/** The folder in `cache` with the build of these sources, built if absent. */
async function built(cache: string, mark: string): Promise<string> {
  const folder = join(cache, mark);
  await putInPlace(folder, mark, (made) => build(made, mark));
  const now = new Date();
  await files.utimes(folder, now, now);
  await removeOlder(cache, "sources-", UNUSED);
  return folder;
}

/** Makes a folder beside its place, and exchanges the two when it is complete. */
async function putInPlace(
  folder: string,
  mark: string,
  make: (made: string) => Promise<void>,
): Promise<void> {
  if (existsSync(join(folder, mark))) return;
  const around = dirname(folder);
  await files.mkdir(around, { recursive: true, mode: 0o700 });
  await removeOlder(around, ASIDE, LEFT_OVER);
  const aside = await files.mkdtemp(join(around, ASIDE));
  try {
    const made = join(aside, "new");
    await make(made);
    await exchange(made, folder, join(aside, "old"), mark);
  } finally {
    await files.rm(aside, { recursive: true, force: true });
  }
}

async function build(made: string, mark: string): Promise<void> {
  if (existsSync(PACKED)) await files.cp(PACKED, made, { recursive: true });
  else await (await import("./provider/bundle.js")).bundle(made);
  const launcher = join(made, "pulumi-resource-aws");
  await files.writeFile(launcher, launcherOf(process.execPath));
  await files.chmod(launcher, 0o755);
  // Without V8's code it starts all the same.
  await promisify(execFile)(launcher, ["--keep-code"]).catch(() => undefined);
  await files.writeFile(join(made, mark), "");
}

/** Without warnings of Node.js and the SDK, which the engine would show to its user. */
function launcherOf(node: string): string {
  const quoted = `'${node.replace(/'/g, `'\\''`)}'`;
  return `#!/bin/sh\nexec ${quoted} --no-warnings "$(dirname "$0")/start.js" "$@"\n`;
}

/** Puts `made` in the place of `folder`: at no time is the plugin incomplete. */
async function exchange(made: string, folder: string, old: string, mark: string): Promise<void> {
  for (;;) {
    try {
      await files.rename(made, folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
      // Another process was faster, with the same sources.
      if (existsSync(join(folder, mark))) return;
      await files.rename(folder, old).catch((gone: NodeJS.ErrnoException) => {
        if (gone.code !== "ENOENT") throw gone;
      });
    }
  }
}

/** Removes folders whose names begin with `start`, and which were not used for `age` milliseconds. */
async function removeOlder(folder: string, start: string, age: number): Promise<void> {
  for (const name of await files.readdir(folder)) {
    if (!name.startsWith(start)) continue;
    const made = await files.stat(join(folder, name)).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > age)
      await files.rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Names the provider's code and the Node.js that runs it. */
async function markOfSources(): Promise<string> {
  const hash = createHash("sha256").update(process.execPath);
  if (existsSync(PACKED)) hash.update(await files.readFile(join(PACKED, "provider.js")));
  else await (await import("./provider/bundle.js")).addSources(hash);
  return `sources-${hash.digest("hex").slice(0, 16)}`;
}
