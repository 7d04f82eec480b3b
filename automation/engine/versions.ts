/** Versions of the engine, and the folder that it is kept in. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Machine } from "./types";

/** The oldest CLI that this project is used with; `requiredPulumiVersion` in Pulumi.yaml says the same. */
export const MINIMUM_VERSION = "3.259.0";
/** The newest CLI whose Go modules are published, and the Node.js language host that works with it. */
export const BUILT_CLI_VERSION = "3.259.0";
export const BUILT_HOST_VERSION = "3.68.0";
/** The oldest Go that can fetch the tool chain that go.mod asks for. */
export const MINIMUM_GO = "1.21.0";

/** Folder with the go.mod files that the engine is built from. */
export const SOURCES = join(__dirname, "..", "..", "tools", "engine");

/** True if version `a` is `b` or newer. Missing parts count as 0; what follows a `-` is left out. */
export function isAtLeast(a: string, b: string): boolean {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) if (left[i] !== right[i]) return (left[i] ?? 0) > (right[i] ?? 0);
  return true;
}

function parts(version: string): number[] {
  const numbers =
    version
      .replace(/^(v|go)/, "")
      .split("-")[0]
      ?.split(".")
      .map(Number) ?? [];
  return [0, 1, 2].map((index) => numbers[index] ?? 0);
}

/** The project's folder in the user's cache: outside the repository, and shared by all its checkouts. */
export function cacheDirectory({ env }: Pick<Machine, "env">): string {
  const own = env["FEATURE_STORE_ACCESS_CACHE"];
  if (own) return own;
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "feature-store-access");
  if (process.platform === "win32" && env["LOCALAPPDATA"])
    return join(env["LOCALAPPDATA"], "feature-store-access", "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "feature-store-access");
  return join(env["HOME"] ?? homedir(), ".cache", "feature-store-access");
}

/** Names the build by all that it comes from: another go.sum is another engine. */
export function buildKey(): string {
  const hash = createHash("sha256");
  for (const file of ["cli/go.mod", "cli/go.sum", "nodejs-host/go.mod", "nodejs-host/go.sum"])
    hash.update(readFileSync(join(SOURCES, file)));
  return `build-${BUILT_CLI_VERSION}-${process.platform}-${process.arch}-${hash.digest("hex").slice(0, 12)}`;
}

export function installKey(version: string): string {
  return `installed-${version}-${process.platform}-${process.arch}`;
}

/** `pulumi` -> `pulumi.exe` on Windows. */
export function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}
