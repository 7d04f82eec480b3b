/** Versions of the engine, and the folder of its cache. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Machine } from "./types";

/** The oldest CLI that this project works with; `requiredPulumiVersion` in Pulumi.yaml is the same. */
export const MINIMUM_VERSION = "3.259.0";
/** The newest CLI whose Go modules are published, and the Node.js language host that works with it. */
export const BUILT_CLI_VERSION = "3.259.0";
export const BUILT_HOST_VERSION = "3.68.0";
/** The oldest Go that can download the tool chain that go.mod requires (https://go.dev/doc/toolchain). */
export const MINIMUM_GO = "1.21.0";

/** Folder with the go.mod files that the engine is built from. */
export const SOURCES = join(__dirname, "..", "..", "tools", "engine");

/** True if version `a` is `b` or newer: `3.259.0`, `v3.259.0`, `go1.26rc1`. Ignores suffixes. */
export function isAtLeast(a: string, b: string): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) if (left[i] !== right[i]) return (left[i] ?? 0) > (right[i] ?? 0);
  return true;
}

/** The first number of a version. */
export function major(version: string): number {
  return numbers(version)[0] ?? 0;
}

/** Major, minor and patch, each 0 if the version lacks it. */
function numbers(version: string): number[] {
  const [, ...found] = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return [0, 1, 2].map((index) => Number(found[index] ?? 0));
}

/** The Go version in go.mod, which an older Go has to download. */
export function requiredGo(): string {
  const [, version] = /^go (\S+)$/m.exec(readFileSync(join(SOURCES, "cli", "go.mod"), "utf8")) ?? [];
  return version ?? MINIMUM_GO;
}

/** The project's folder in the user's cache: outside the repository, and shared by all its checkouts. */
export function cacheDirectory({ env }: Pick<Machine, "env">): string {
  const own = env["FEATURE_STORE_ACCESS_CACHE"];
  if (own) return resolve(own);
  if (env["XDG_CACHE_HOME"]) return join(resolve(env["XDG_CACHE_HOME"]), "feature-store-access");
  if (process.platform === "win32" && env["LOCALAPPDATA"])
    return join(env["LOCALAPPDATA"], "feature-store-access", "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "feature-store-access");
  return join(env["HOME"] ?? homedir(), ".cache", "feature-store-access");
}

/** Name of the build, from all its sources: a changed go.sum makes another engine. */
export function buildKey(): string {
  const hash = createHash("sha256");
  const host = readdirSync(join(SOURCES, "cli", "host")).filter((name) => name.endsWith(".go"));
  const sources = host.sort().map((name) => join("cli", "host", name));
  for (const file of ["cli/go.mod", "cli/go.sum", "nodejs-host/go.mod", "nodejs-host/go.sum", ...sources])
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
