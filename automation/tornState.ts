/**
 * State files that a killed engine left half written. Where the backend is a folder, the engine replaces each state file
 * in one step, but writes a sidecar `NAME.attrs` (content type and checksum, which nobody reads) in place: a process that
 * is killed there leaves it empty, and every later run fails with "failed to load checkpoint: EOF".
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "./project";

/** How the engine reports a torn sidecar. */
export const TORN = /failed to load checkpoint: (EOF|unexpected (EOF|end of JSON input))/;

/**
 * Removes the stack's sidecars that are no JSON; the backend does without them.
 * @returns how many; 0 where the backend is no folder
 */
export async function mendTornState(environment: Environment, stack: string): Promise<number> {
  const url = process.env["PULUMI_BACKEND_URL"] ?? environment.project.backend?.url ?? "";
  if (!url.startsWith("file://")) return 0;
  const folder = join(fileURLToPath(url.split("?")[0] ?? ""), ".pulumi", "stacks", environment.project.name);
  const names = await readdir(folder).catch(() => []);
  const sidecars = names.filter((name) => name.startsWith(`${stack}.json`) && name.endsWith(".attrs"));
  const torn: string[] = [];
  for (const name of sidecars) if (!(await isJson(join(folder, name)))) torn.push(join(folder, name));
  for (const file of torn) await rm(file, { force: true });
  return torn.length;
}

async function isJson(file: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
