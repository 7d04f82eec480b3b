/**
 * Starts the provider from what V8 made of its bundle at its installation: each engine run pays for the start. Called with
 * `--keep-code` it makes that, and ends. Without it, or if another Node.js made it, the provider is compiled anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";

const filename = join(__dirname, "provider.js");
const kept = join(__dirname, "provider.v8");

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

type Wrapped = (
  exports: object,
  require: NodeJS.Require,
  module: object,
  file: string,
  folder: string,
) => void;

const cachedData = read(kept);
const script = new Script(Module.wrap(readFileSync(filename, "utf8")), { filename, cachedData });
// By then it has the functions too that are compiled when they are first called.
if (process.argv[2] === "--keep-code")
  process.once("exit", () => writeFileSync(kept, script.createCachedData()));
const run = script.runInThisContext() as Wrapped;
const module_ = { exports: {} };
run(module_.exports, createRequire(filename), module_, filename, __dirname);
