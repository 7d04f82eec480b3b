/**
 * Loads the project's TypeScript as `tsx` does, from what esbuild made of each file once, and all modules from what V8 made of
 * them once: the driver's command line is started some two hundred times here, and reading its modules anew takes longer
 * than most of what it does. That it runs under `tsx`, as users run it, is shown where `npm start` and `npm run` are (mainRoad,
 * test/local). NODE_OPTIONS=--enable-source-maps has errors say the lines of the sources.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { tmpdir, userInfo } = require("node:os");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");
const { version } = require("esbuild/package.json");

const FOLDER = join(
  tmpdir(),
  `feature-store-access-compiled-${userInfo().uid}-${version}-${process.version}`,
);
const OPTIONS = { loader: "ts", format: "cjs", target: "node20", sourcemap: "inline", sourcesContent: false };
/** Modules of our own that are loaded late. What is loaded so from packages may be ES modules, and stays as it is. */
const LATE = /\bimport\(\s*"(\.[^"]*)\.js"\s*\)/g;

Module._extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8").replace(
    LATE,
    'Promise.resolve().then(() => require("$1.ts"))',
  );
  const file = fileOf("js", filename, source);
  module._compile(read(file)?.toString() ?? compile(source, filename, file), filename);
};

/** Scripts that V8 had to compile in this process, by the files that are to keep what it made of them. */
const compiled = new Map();

/** What imports at run time is left to Node.js: V8's copy of it does not know how to (ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING). */
const compileAnew = Module.prototype._compile;
Module.prototype._compile = function (content, filename) {
  if (/\bimport\s*\(/.test(content)) return compileAnew.call(this, content, filename);
  const file = fileOf("v8", filename, content);
  const cachedData = read(file);
  const script = new Script(Module.wrap(content.replace(/^#!.*/, "")), { filename, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) compiled.set(file, script);
  const require = Module.createRequire(filename);
  script.runInThisContext().call(this.exports, this.exports, require, this, filename, dirname(filename));
};

// By then it has compiled the functions too that are called at start.
process.once("exit", () => {
  for (const [file, script] of compiled) write(file, script.createCachedData());
});

function compile(source, filename, file) {
  const { code } = require("esbuild").transformSync(source, { ...OPTIONS, sourcefile: filename });
  write(file, code);
  return code;
}

function fileOf(kind, filename, content) {
  return join(FOLDER, `${createHash("sha1").update(filename).update(content).digest("hex")}.${kind}`);
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, whoever else writes it. */
function write(file, content) {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, content, { mode: 0o600 });
  renameSync(aside, file);
}
