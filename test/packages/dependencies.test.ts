/** Each package.json declares what its package's files import, and nothing else. */
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./support";

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as Manifest;

const FILES = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.(ts|mjs|cjs|js)$/.test(file));

/** Packages that the files import, types included. */
function imported(files: RegExp): Set<string> {
  const names = FILES.filter((file) => files.test(file))
    .flatMap((file) => [
      ...importsOf(ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.ES2022)),
    ])
    .filter((name) => !name.startsWith(".") && !isBuiltin(name));
  return new Set(names.map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/")));
}

/** What import and export declarations, `import()`, `require()` and types name. */
function* importsOf(node: ts.Node): Iterable<string> {
  const named =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : ts.isCallExpression(node) && isLoading(node.expression)
          ? node.arguments[0]
          : undefined;
  if (named && ts.isStringLiteral(named)) yield named.text;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* importsOf(child);
}

function isLoading(called: ts.Expression): boolean {
  return (
    called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === "require")
  );
}

const PRODUCT = /^(index\.ts$|(components|access|automation|policy-pack)\/)/;

/** Declared without an import, and why. */
const RUN = {
  "ts-node": "Pulumi runs index.ts with it",
  typescript: "ts-node needs it",
  tsx: "the npm scripts run with it",
};
const TOOLS = ["eslint", "mocha", "prettier"];

describe("the declared dependencies", function () {
  this.timeout(60_000);
  const root = manifestOf(".");

  it("of the product are what it imports and what runs it", () => {
    const used = [...imported(PRODUCT), ...Object.keys(RUN)];
    expect(Object.keys(root.dependencies).sort()).to.deep.equal(used.sort());
  });

  it("for its development are what tests, benchmarks, tools and lint import besides, and the tools themselves", () => {
    const { dependencies, devDependencies = {} } = root;
    const used = imported(/^((test|bench|tools)\/|eslint\.config\.mjs$)/);
    const besides = [...used, ...TOOLS].filter((name) => !(name in dependencies));
    const types = Object.keys(devDependencies).filter((name) => name.startsWith("@types/"));
    expect(Object.keys(devDependencies).sort()).to.deep.equal([...besides, ...types].sort());
  });

  for (const folder of ["packages/iam", "packages/sandbox"])
    it(`of ${folder} are what it imports, those of a bundled provider for development`, () => {
      const { dependencies, devDependencies = {} } = manifestOf(folder);
      const used = imported(new RegExp(`^${folder}/(?!provider/)`));
      const types = Object.keys(dependencies).filter((name) => name.startsWith("@types/"));
      expect(Object.keys(dependencies).sort()).to.deep.equal([...used, ...types].sort());
      const bundled = [...imported(new RegExp(`^${folder}/provider/`))].filter((name) => !used.has(name));
      expect(Object.keys(devDependencies).sort()).to.deep.equal(bundled.sort());
    });

  it("have one version in all packages", () => {
    const versions = new Map<string, Set<string>>();
    for (const { dependencies, devDependencies } of ["packages/iam", "packages/sandbox"]
      .map(manifestOf)
      .concat(root))
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
    expect([...versions].filter(([, each]) => each.size > 1)).to.deep.equal([]);
  });

  it("keep the sandbox's engines and parsers out of the product", () => {
    for (const name of ["@duckdb/node-api", "@grpc/grpc-js", "avsc", "esbuild", "google-protobuf"])
      expect(root.dependencies).to.not.have.property(name);
  });
});
