/**
 * Starts the provider from the code that V8 compiled at installation, because each run of the engine waits for the start. With `--keep-code`
 * it writes that code and ends. Without the code, or with another version of Node.js, the provider is compiled again.
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
// Written at the end, the code includes functions that are compiled on their first call.
if (process.argv[2] === "--keep-code")
  process.once("exit", () => writeFileSync(kept, script.createCachedData()));
const run = script.runInThisContext() as Wrapped;
const module_ = { exports: {} };
run(module_.exports, createRequire(filename), module_, filename, __dirname);
