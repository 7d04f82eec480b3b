/** The folder for the driver's records on an environment's stages. */
import { join } from "node:path";
import { thisMachine } from "../engine/machine";
import { cacheDirectory } from "../engine/versions";
import type { Environment } from "../environment/project";
import { backendUrl, hashOfText, stateFolder } from "./stateFiles";

/**
 * Beside the state if that is in a folder; otherwise in the user's cache. If the cache is lost, stages are run again.
 * @returns absolute path
 */
export function recordsFolder({ project }: Pick<Environment, "project">): string {
  const url = backendUrl(project);
  const folder = stateFolder(url);
  if (folder !== undefined) return join(folder, ".feature-store-access", project.name);
  return join(cacheDirectory(thisMachine()), "stages", hashOfText(url ?? "").slice(0, 16), project.name);
}
