/**
 * Puts the sandbox's Pulumi provider where the engine looks for the plugin of pulumi-aws. It is bundled into one file, together with V8's
 * compiled code, because each run of the engine waits for it to start.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import * as files from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** The bundle of the packed package. The repository has none: there the provider is bundled from its sources. */
const PACKED = join(__dirname, "plugin");
/** Prefix of folders under construction. The engine finds plugins by the prefix `resource-`. */
const ASIDE = ".making-";
/** Age in milliseconds at which such a folder counts as left by a killed process. */
const LEFT_OVER = 10 * 60_000;
/** Milliseconds after which an unused build in the cache is removed. */
const UNUSED = 7 * 24 * 60 * 60_000;

export interface InstallOptions {
  /** The version of pulumi-aws that the programs use (`7.48.0`): the engine looks plugins up by it. */
  readonly version: string;
  /** Absolute path of a folder that caches builds for all homes; without it each home has its own. */
  readonly cache?: string;
}

/**
 * Installs the sandbox's `pulumi-resource-aws` in a PULUMI_HOME. It has the resource types of the feature-store-access components, and uses
 * the endpoint in `AWS_ENDPOINT_URL`. A PULUMI_HOME of its own keeps it away from real accounts. Safe if several processes run it at once;
 * does nothing if the same provider is already installed.
 *
 * @param pulumiHome Absolute path of the folder that `PULUMI_HOME` names; created if absent.
 * @returns The plugin's folder, `plugins/resource-aws-vVERSION` of the home.
 * @throws the bundler's or the file system's Error.
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

/** Builds a folder beside its final place, and swaps the two when it is complete. */
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
  // The provider starts without V8's code, too.
  await promisify(execFile)(launcher, ["--keep-code"]).catch(() => undefined);
  await files.writeFile(join(made, mark), "");
}

/** Suppresses warnings of Node.js and the SDK, which the engine would show to its user. */
function launcherOf(node: string): string {
  const quoted = `'${node.replace(/'/g, `'\\''`)}'`;
  return `#!/bin/sh\nexec ${quoted} --no-warnings "$(dirname "$0")/start.js" "$@"\n`;
}

/** Puts `made` in the place of `folder`, so that the plugin is complete at all times. */
async function exchange(made: string, folder: string, old: string, mark: string): Promise<void> {
  for (;;) {
    try {
      await files.rename(made, folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
      // Another process with the same sources was faster.
      if (existsSync(join(folder, mark))) return;
      await files.rename(folder, old).catch((gone: NodeJS.ErrnoException) => {
        if (gone.code !== "ENOENT") throw gone;
      });
    }
  }
}

/** Removes folders whose names begin with `start` and that have not been used for `age` milliseconds. */
async function removeOlder(folder: string, start: string, age: number): Promise<void> {
  for (const name of await files.readdir(folder)) {
    if (!name.startsWith(start)) continue;
    const made = await files.stat(join(folder, name)).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > age)
      await files.rm(join(folder, name), { recursive: true, force: true });
  }
}

/** A hash of the provider's code and the version of Node.js that runs it. */
async function markOfSources(): Promise<string> {
  const hash = createHash("sha256").update(process.execPath);
  if (existsSync(PACKED)) hash.update(await files.readFile(join(PACKED, "provider.js")));
  else await (await import("./provider/bundle.js")).addSources(hash);
  return `sources-${hash.digest("hex").slice(0, 16)}`;
}
