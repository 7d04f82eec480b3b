/**
 * Defers the part of Pulumi that serializes functions (with TypeScript and npm's Arborist) until it is called. It takes a
 * quarter of a command's start-up time, and no program here has a function for the cloud. Import this before
 * @pulumi/pulumi; afterwards it changes nothing.
 */
import Module, { createRequire } from "node:module";

type Exports = Record<string, (...args: unknown[]) => unknown>;

/** The deferred modules, and the functions that each exports. */
export const DEFERRED: Readonly<Record<string, readonly string[]>> = {
  "@pulumi/pulumi/runtime/closure/serializeClosure": ["serializeFunction", "serializeFunctionAsync"],
  "@pulumi/pulumi/runtime/closure/codePaths": ["computeCodePaths", "findWorkspaceRoot", "packageArchivePath"],
};

const load = createRequire(__filename);

for (const [name, functions] of Object.entries(DEFERRED)) defer(require.resolve(name), functions);

function defer(file: string, functions: readonly string[]): void {
  if (require.cache[file]) return;
  const stand = new Module(file);
  const whole = (): Exports => {
    if (require.cache[file] === stand) delete require.cache[file];
    return load(file) as Exports;
  };
  stand.exports = Object.fromEntries(
    functions.map((key) => [key, (...args: unknown[]) => whole()[key]?.(...args)]),
  );
  stand.loaded = true;
  require.cache[file] = stand;
}
