/** Packages as their users get them: packed with `npm pack`, and installed in an empty folder outside the repository. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(__dirname, "..", "..");
export type PackageName = "iam" | "sandbox";

/** A folder of its own in the system's folder for temporary files, and how to remove it. */
export interface Folder {
  readonly path: string;
  remove(): void;
}

export function newFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "feature-store-access-packages-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A copy of the package with the tool that packs it: `npm pack` changes package.json while it runs, and other tests read it. */
export function copyOf(name: PackageName, into: Folder): string {
  const folder = join(into.path, "packages", name);
  const filter = (source: string) => !["node_modules", "dist"].includes(basename(source));
  cpSync(join(ROOT, "packages", name), folder, { recursive: true, filter });
  cpSync(join(ROOT, "tools", "pack"), join(into.path, "tools", "pack"), { recursive: true });
  const modules = join(into.path, "node_modules");
  rmSync(modules, { force: true });
  symlinkSync(join(ROOT, "node_modules"), modules);
  return folder;
}

/** Packs a copy of the package. Returns the tarball's path, in `into`. */
export async function pack(name: PackageName, into: Folder): Promise<string> {
  const options = ["--json", "--silent", "--pack-destination", into.path];
  const printed = await run(copyOf(name, into), "npm", ["pack", ...options]);
  const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
  return join(into.path, filename);
}

/** Installs tarballs in `into`/user, an empty folder before. Returns that folder. */
export async function install(tarballs: readonly string[], into: Folder): Promise<string> {
  const user = join(into.path, "user");
  mkdirSync(user);
  writeFileSync(join(user, "package.json"), JSON.stringify({ name: "user", private: true }));
  await run(user, "npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs]);
  return user;
}

/** The code blocks of a package's README in one language (`js`, `ts`, `sh`), in their order. */
export function examples(name: PackageName, language: string): string[] {
  const readme = readFileSync(join(ROOT, "packages", name, "README.md"), "utf8");
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(
    ([, code = ""]) => code,
  );
}

/** Runs plain Node.js on code as an ES module in the folder. Returns what it prints. */
export function runNode(folder: string, code: string): Promise<string> {
  const file = join(folder, "example.mjs");
  writeFileSync(file, code);
  return run(folder, process.execPath, [file]);
}

/** Checks the types of code in the folder against the installed packages' declarations, the declarations included. */
export function checkTypes(folder: string, code: string): Promise<string> {
  const file = join(folder, "example.mts");
  writeFileSync(file, code);
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const options = "--noEmit --strict --module nodenext --target es2022 --lib es2023".split(" ");
  return run(folder, process.execPath, [tsc, ...options, file]);
}

/**
 * Runs a program in the folder. Returns what it prints.
 * @throws Error with all that it printed, if it fails
 */
export async function run(folder: string, program: string, args: readonly string[]): Promise<string> {
  // Settings of an `npm test` around this are none of this npm's.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_|^NODE_OPTIONS$/i.test(key)),
  );
  const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
  try {
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string };
    throw new Error([message, stdout, stderr].join("\n"));
  }
}
