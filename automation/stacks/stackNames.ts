/** The names of the project's stacks in its backend. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { CliFailed, commandMessage, explain } from "./engineFailures";
import { UserError } from "../model/errors";
import type { Environment } from "../environment/project";
import { backendUrl, stateFolder } from "./stateFiles";

/**
 * Reads a `file://` backend as the files that it is, and asks the CLI of any other.
 * @throws UserError if the CLI cannot tell
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
  const cwd = await mkdtemp(join(tmpdir(), "feature-store-access-"));
  try {
    await writeFile(join(cwd, "Pulumi.yaml"), stringify(project));
    const args = ["stack", "ls", "--project", project.name, "--json", "--non-interactive"];
    const { stdout } = await promisify(execFile)(command, args, { cwd, maxBuffer: 1 << 28 });
    // Pulumi Cloud gives the organization's name too, where it is not the user's own.
    return (JSON.parse(stdout) as { name: string }[]).map(({ name }) =>
      name.slice(name.lastIndexOf("/") + 1),
    );
  } catch (error) {
    const message = commandMessage(
      new CliFailed((error as { stderr?: string }).stderr ?? (error as Error).message),
    );
    const { exitCode, advice } = explain([message]);
    throw new UserError(
      exitCode,
      `the stacks of project ${project.name} cannot be listed: ${message}`,
      advice,
    );
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
