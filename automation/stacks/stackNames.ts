/** The names of the project's stacks in its backend. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { commandMessage, explain, isEngineFailure } from "./engineFailures";
import { runCli } from "./pulumiCli";
import { UserError } from "../model/errors";
import type { Environment } from "../environment/project";
import { backendUrl, stateFolder } from "./stateFiles";
import { inTemporaryFolder } from "../environment/files";

/**
 * Reads the files of a `file://` backend, and asks the CLI about any other backend.
 * @throws UserError if the CLI fails
 */
export async function stackNames(
  { project }: Environment,
  command: () => Promise<PulumiCommand>,
): Promise<string[]> {
  const folder = stateFolder(backendUrl(project));
  if (folder === undefined) return askCli(project, await command());
  const files = await readdir(join(folder, ".pulumi", "stacks", project.name)).catch(() => []);
  return files.flatMap((file) => /^(.+)\.json(\.gz|\.zst)?$/.exec(file)?.[1] ?? []);
}

async function askCli(project: Environment["project"], { command }: PulumiCommand): Promise<string[]> {
  try {
    const stdout = await inTemporaryFolder(async (cwd) => {
      await writeFile(join(cwd, "Pulumi.yaml"), stringify(project));
      return runCli(command, ["stack", "ls", "--project", project.name, "--json", "--non-interactive"], cwd);
    });
    // Pulumi Cloud adds the organization's name if it is not the user's own.
    return (JSON.parse(stdout) as { name: string }[]).map(({ name }) =>
      name.slice(name.lastIndexOf("/") + 1),
    );
  } catch (error) {
    const message = isEngineFailure(error) ? commandMessage(error) : (error as Error).message;
    const { exitCode, advice } = explain([message]);
    throw new UserError(
      exitCode,
      `the stacks of project ${project.name} cannot be listed: ${message}`,
      advice,
    );
  }
}
