/**
 * Puts the provider where the engine looks for @pulumi/aws's plugin: in a PULUMI_HOME of the sandbox's own. It is
 * bundled into one file, as each engine run pays for its start.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "@pulumi/aws/package.json";

const SOURCES = __dirname;
const PROJECT = join(__dirname, "..", "..");
/** Start of the names of folders that are being made. The engine knows plugins by `resource-`. */
const ASIDE = ".making-";
/** Milliseconds after which such a folder was left by a process that was killed. */
const LEFT_OVER = 10 * 60_000;

/**
 * Installs the provider in `pulumiHome`, unless it is there already from the same sources; safe if several processes do
 * it at once. Done before, it takes a few milliseconds.
 * @returns the plugin's folder
 * @throws Error of the bundler or the file system
 */
export async function installProvider(pulumiHome: string): Promise<string> {
  const plugins = join(pulumiHome, "plugins");
  const folder = join(plugins, `resource-aws-v${version}`);
  const mark = await markOfSources();
  if (existsSync(join(folder, mark))) return folder;
  await mkdir(plugins, { recursive: true });
  await removeLeftOvers(plugins);
  const aside = await mkdtemp(join(plugins, ASIDE));
  try {
    const made = join(aside, "new");
    await bundle(join(made, "provider.js"));
    const launcher = join(made, "pulumi-resource-aws");
    await writeFile(launcher, launcherOf(process.execPath));
    await chmod(launcher, 0o755);
    await writeFile(join(made, mark), "");
    await exchange(made, folder, join(aside, "old"), mark);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
}

/** What Node.js or an SDK warns about is nothing to the engine's user, who would be shown it. */
function launcherOf(node: string): string {
  const quoted = `'${node.replace(/'/g, `'\\''`)}'`;
  return `#!/bin/sh\nexec ${quoted} --no-warnings "$(dirname "$0")/provider.js" "$@"\n`;
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

async function removeLeftOvers(plugins: string): Promise<void> {
  for (const name of await readdir(plugins)) {
    if (!name.startsWith(ASIDE)) continue;
    const made = await stat(join(plugins, name)).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > LEFT_OVER)
      await rm(join(plugins, name), { recursive: true, force: true });
  }
}

async function bundle(outfile: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(SOURCES, "main.ts")],
    outfile,
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
