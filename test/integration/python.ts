/** Python for tests with clients that nobody here wrote: packages of PyPI, kept in the user's cache. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../../automation/engine/versions";

/** A Python 3.9 or newer that can make virtual environments, or undefined. */
export function findPython(): string | undefined {
  const check = "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 9))";
  return ["python3", "python"].find((name) => spawnSync(name, ["-c", check]).status === 0);
}

/**
 * The folder of a virtual environment's commands, made on first use.
 * @param name of its folder: other packages need another name
 * @param packages as pip takes them, with versions: `boto3==1.2.3`
 */
export function virtualEnvironment(interpreter: string, name: string, packages: readonly string[]): string {
  const folder = join(cacheDirectory({ env: process.env }), name);
  const commands = join(folder, "bin");
  // A virtual environment cannot be moved into place: the mark says that it is whole.
  const mark = join(folder, "complete");
  if (existsSync(mark)) return commands;
  console.log(`installing ${packages.join(", ")} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const stdio: ["ignore", "inherit", "inherit"] = ["ignore", "inherit", "inherit"];
  execFileSync(interpreter, ["-m", "venv", folder], { stdio });
  const pip = ["install", "--quiet", "--disable-pip-version-check", ...packages];
  execFileSync(join(commands, "pip"), pip, { stdio });
  writeFileSync(mark, "");
  return commands;
}
