/** Bundles the provider into two files, so that each run of the engine starts it fast. Run as a program, for `npm pack`, into dist/plugin. */
import type { Hash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..", "..");

/** Writes `provider.js` and `start.js`. @throws Error of esbuild */
export async function bundle(outdir: string): Promise<void> {
  const { build } = await import("esbuild"); // late: most calls ask for the hash alone
  await build({
    entryPoints: { provider: join(__dirname, "main.ts"), start: join(__dirname, "start.ts") },
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
    absWorkingDir: PROJECT,
  });
}

/** Adds the provider's own sources and the packages it is bundled from. */
export async function addSources(hash: Hash): Promise<void> {
  for (const folder of [__dirname, join(__dirname, "resources")])
    for (const name of (await readdir(folder)).filter((each) => each.endsWith(".ts")).sort())
      hash.update(name).update(await readFile(join(folder, name)));
  for (const file of ["package.json", "package-lock.json"]) hash.update(await readFile(join(PROJECT, file)));
}

if (require.main === module) void bundle(join(__dirname, "..", "dist", "plugin"));
