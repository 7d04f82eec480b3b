/** Prepares a package of this repository for `npm pack`, which runs this script in the package's folder: compiles the sources into
 * dist/, points package.json there, and runs the compiled form of the sources in its arguments. restore.mjs undoes it, as postpack
 * or, if npm fails before postpack, when npm has ended.
 */
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { BACKUP, restore } from "./restore.mjs";

const OPTIONS = {
  outDir: "dist",
  rootDir: ".",
  declaration: true,
  sourceMap: true,
  inlineSources: true,
  target: "es2022",
  lib: "es2023",
  module: "nodenext",
  // Do not follow the link to the other package of the repository: it stays a package, and its sources are not compiled.
  preserveSymlinks: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: "node",
};

restore();
rmSync("dist", { recursive: true, force: true });
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const tsc = createRequire(resolve("package.json")).resolve("typescript/bin/tsc");
const options = Object.entries(OPTIONS).flatMap(([name, value]) => [`--${name}`, String(value)]);
const { status } = spawnSync(process.execPath, [tsc, ...options, ...sources(".")], { stdio: "inherit" });
if (status !== 0) process.exit(1);
for (const source of process.argv.slice(2))
  if (spawnSync(process.execPath, [compiled(source, ".js")], { stdio: "inherit" }).status !== 0)
    process.exit(1);

const entry = manifest.exports["."];
const published = {
  ...manifest,
  main: compiled(entry, ".js"),
  types: compiled(entry, ".d.ts"),
  exports: mapped(manifest.exports, (file) =>
    file.endsWith(".ts") ? { types: compiled(file, ".d.ts"), default: compiled(file, ".js") } : file,
  ),
  bin: manifest.bin && mapped(manifest.bin, (file) => compiled(file, ".js")),
};
copyFileSync("package.json", BACKUP);
writeFileSync("package.json", JSON.stringify(published, undefined, 2));
// The package's script starts this with `exec`, so npm is this process's parent.
spawn(process.execPath, [join(import.meta.dirname, "restore.mjs"), String(process.ppid)], {
  detached: true,
  stdio: "ignore",
}).unref();

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function compiled(file, suffix) {
  return file.replace(/^\.\//, "./dist/").replace(/\.ts$/, suffix);
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
