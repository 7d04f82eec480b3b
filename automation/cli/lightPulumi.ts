/**
 * Pulumi loads with it what turns functions into text (TypeScript and npm's Arborist among it): a quarter of what a
 * command takes to start, and no program here has a function for the cloud. It is loaded when it is asked for. To be
 * imported before @pulumi/pulumi; where that is loaded already, nothing is changed.
 */
import Module, { createRequire } from "node:module";

type Exports = Record<string, (...args: unknown[]) => unknown>;

/** What of Pulumi is put off, and the functions that it exports. */
export const PUT_OFF: Readonly<Record<string, readonly string[]>> = {
  "@pulumi/pulumi/runtime/closure/serializeClosure": ["serializeFunction", "serializeFunctionAsync"],
  "@pulumi/pulumi/runtime/closure/codePaths": ["computeCodePaths", "findWorkspaceRoot", "packageArchivePath"],
};

const load = createRequire(__filename);

for (const [name, functions] of Object.entries(PUT_OFF)) putOff(require.resolve(name), functions);

function putOff(file: string, functions: readonly string[]): void {
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
