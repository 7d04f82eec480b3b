/** Bundles the provider into two files, so that each run of the engine starts it fast. Compiled and run as a program, it does this for `npm pack`. */
import type { Hash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const PROJECT = join(__dirname, "..", "..", "..");

/** Writes `provider.js` and `start.js`. @throws esbuild's Error */
export async function bundle(outdir: string): Promise<void> {
  const { build } = await import("esbuild"); // late: most calls need the hash only
  const source = (name: string) => join(__dirname, name + extname(__filename));
  await build({
    entryPoints: { provider: source("main"), start: source("start") },
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
    absWorkingDir: PROJECT,
  });
}

/** Adds the provider's own sources and the packages that it is bundled from. */
export async function addSources(hash: Hash): Promise<void> {
  for (const folder of [__dirname, join(__dirname, "resources")])
    for (const name of (await readdir(folder)).filter((each) => each.endsWith(".ts")).sort())
      hash.update(name).update(await readFile(join(folder, name)));
  for (const file of ["package.json", "package-lock.json"]) hash.update(await readFile(join(PROJECT, file)));
}

if (require.main === module) void bundle(join(__dirname, "..", "plugin"));
