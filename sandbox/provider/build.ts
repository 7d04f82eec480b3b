/**
 * Puts the provider where the engine looks for @pulumi/aws's plugin: in a PULUMI_HOME of the sandbox's own. It is
 * bundled into one file, as each engine run pays for its start.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "@pulumi/aws/package.json";

const SOURCES = __dirname;
const PROJECT = join(__dirname, "..", "..");

/**
 * Installs the provider in `pulumiHome`, unless it is there already from the same sources; safe if two do it at once.
 * @returns the plugin's folder
 */
export async function installProvider(pulumiHome: string): Promise<string> {
  const plugins = join(pulumiHome, "plugins");
  const folder = join(plugins, `resource-aws-v${version}`);
  const fingerprint = await fingerprintOfSources();
  if (existsSync(join(folder, fingerprint))) return folder;
  const aside = join(plugins, `.making-${process.pid}-${fingerprint}`);
  await mkdir(aside, { recursive: true });
  try {
    await bundle(join(aside, "provider.js"));
    const launcher = join(aside, "pulumi-resource-aws");
    await writeFile(launcher, `#!/bin/sh\nexec '${process.execPath}' "$(dirname "$0")/provider.js" "$@"\n`);
    await chmod(launcher, 0o755);
    await writeFile(join(aside, fingerprint), "");
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder).catch((error: NodeJS.ErrnoException) => {
      // Another was quicker, with the same sources.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
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

/** Of the provider's own files, and of all that it is bundled from as far as versions tell. */
async function fingerprintOfSources(): Promise<string> {
  const hash = createHash("sha256").update(process.execPath);
  const files = [SOURCES, join(SOURCES, "resources")];
  for (const folder of files)
    for (const name of (await readdir(folder)).filter((each) => each.endsWith(".ts")).sort())
      hash.update(await readFile(join(folder, name)));
  hash.update(await readFile(join(PROJECT, "package.json")));
  return `sources-${hash.digest("hex").slice(0, 16)}`;
}
