/**
 * Puts the provider where the engine looks for @pulumi/aws's plugin: in a PULUMI_HOME of the sandbox's own. It is
 * bundled into one file, and V8's code of it is kept, as each engine run pays for its start.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { version } from "@pulumi/aws/package.json";

const SOURCES = __dirname;
const PROJECT = join(__dirname, "..", "..", "..");
/** Start of the names of folders that are being made. The engine knows plugins by `resource-`. */
const ASIDE = ".making-";
/** Milliseconds after which such a folder was left by a process that was killed. */
const LEFT_OVER = 10 * 60_000;
/** Milliseconds after which a build that no sandbox has asked for goes. */
const UNUSED = 7 * 24 * 60 * 60_000;

/**
 * Installs the provider in `pulumiHome`, unless it is there already from the same sources; safe if several processes do
 * it at once. Done before, it takes a few milliseconds.
 * @param builds folder that keeps what was built, for all sandboxes; without it each builds for itself
 * @returns the plugin's folder
 * @throws Error of the bundler or the file system
 */
export async function installProvider(pulumiHome: string, builds?: string): Promise<string> {
  const folder = join(pulumiHome, "plugins", `resource-aws-v${version}`);
  const mark = await markOfSources();
  const make = builds
    ? async (made: string) => cp(await built(builds, mark), made, { recursive: true })
    : (made: string) => build(made, mark);
  await puttingInPlace(folder, mark, make);
  return folder;
}

/** The folder in `builds` with what these sources make, built if it is not there. */
async function built(builds: string, mark: string): Promise<string> {
  const folder = join(builds, mark);
  await puttingInPlace(folder, mark, (made) => build(made, mark));
  const now = new Date();
  await utimes(folder, now, now);
  await removeOlder(builds, "sources-", UNUSED);
  return folder;
}

/** Makes a folder beside its place, and exchanges the two when it is whole. */
async function puttingInPlace(
  folder: string,
  mark: string,
  make: (made: string) => Promise<void>,
): Promise<void> {
  if (existsSync(join(folder, mark))) return;
  const around = dirname(folder);
  await mkdir(around, { recursive: true, mode: 0o700 });
  await removeOlder(around, ASIDE, LEFT_OVER);
  const aside = await mkdtemp(join(around, ASIDE));
  try {
    const made = join(aside, "new");
    await make(made);
    await exchange(made, folder, join(aside, "old"), mark);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function build(made: string, mark: string): Promise<void> {
  await bundle(made);
  const launcher = join(made, "pulumi-resource-aws");
  await writeFile(launcher, launcherOf(process.execPath));
  await chmod(launcher, 0o755);
  // Without V8's code it starts all the same.
  await promisify(execFile)(launcher, ["--keep-code"]).catch(() => undefined);
  await writeFile(join(made, mark), "");
}

/** What Node.js or an SDK warns about is nothing to the engine's user, who would be shown it. */
function launcherOf(node: string): string {
  const quoted = `'${node.replace(/'/g, `'\\''`)}'`;
  return `#!/bin/sh\nexec ${quoted} --no-warnings "$(dirname "$0")/start.js" "$@"\n`;
}

/** Puts `made` in the place of `folder`: at no time is there half a plugin. */
async function exchange(made: string, folder: string, old: string, mark: string): Promise<void> {
  for (;;) {
    try {
      await rename(made, folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
      // Another process was quicker, with the same sources.
      if (existsSync(join(folder, mark))) return;
      await rename(folder, old).catch((gone: NodeJS.ErrnoException) => {
        if (gone.code !== "ENOENT") throw gone;
      });
    }
  }
}

/** Removes the folders of that name in which nothing was done for so many milliseconds. */
async function removeOlder(folder: string, start: string, age: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start)) continue;
    const made = await stat(join(folder, name)).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > age)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function bundle(outdir: string): Promise<void> {
  const { build: esbuild } = await import("esbuild");
  await esbuild({
    entryPoints: { provider: join(SOURCES, "main.ts"), start: join(SOURCES, "start.ts") },
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
    absWorkingDir: PROJECT,
  });
}

/** Names the provider's own sources, the packages it is bundled from, and the Node.js that runs it. */
async function markOfSources(): Promise<string> {
  const hash = createHash("sha256").update(process.execPath);
  for (const folder of [SOURCES, join(SOURCES, "resources")])
    for (const name of (await readdir(folder)).filter((each) => each.endsWith(".ts")).sort())
      hash.update(name).update(await readFile(join(folder, name)));
  for (const file of ["package.json", "package-lock.json"]) hash.update(await readFile(join(PROJECT, file)));
  return `sources-${hash.digest("hex").slice(0, 16)}`;
}
