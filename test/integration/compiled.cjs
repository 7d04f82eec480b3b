/**
 * Loads the project's TypeScript as `tsx` does, from what esbuild made of each file once: the driver's command line is
 * started some two hundred times here, and starting it under `tsx` takes longer than most of what it does. That it runs
 * under `tsx`, as users run it, is shown where `npm start` and `npm run` are (mainRoad, test/local).
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { tmpdir, userInfo } = require("node:os");
const { join } = require("node:path");
const { version } = require("esbuild/package.json");

process.setSourceMapsEnabled(true);

const FOLDER = join(tmpdir(), `feature-store-access-compiled-${userInfo().uid}-${version}`);
const OPTIONS = { loader: "ts", format: "cjs", target: "node20", sourcemap: "inline", sourcesContent: false };
/** Modules of our own that are loaded late. What is loaded so from packages may be ES modules, and stays as it is. */
const LATE = /\bimport\(\s*"(\.[^"]*)\.js"\s*\)/g;

Module._extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8").replace(
    LATE,
    'Promise.resolve().then(() => require("$1.ts"))',
  );
  const file = join(FOLDER, `${createHash("sha256").update(filename).update(source).digest("hex")}.js`);
  module._compile(read(file) ?? compile(source, filename, file), filename);
};

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function compile(source, filename, file) {
  const { code } = require("esbuild").transformSync(source, { ...OPTIONS, sourcefile: filename });
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, code);
  renameSync(aside, file);
  return code;
}
