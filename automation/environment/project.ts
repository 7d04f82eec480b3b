/**
 * One environment of the project: `Pulumi.yaml`, and `Pulumi.<env>.yaml` with the settings, which `pulumi up` reads too, and the
 * secrets provider for the driver's stacks.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ProjectSettings, StackSettings } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { settingsFromFile, type Settings } from "../../components/settings";
import { ExitCode, UserError } from "../model/errors";

export interface Environment {
  /** `dev` of `Pulumi.dev.yaml`. */
  readonly name: string;
  /** Absolute path of the folder with `Pulumi.yaml`. */
  readonly directory: string;
  readonly settings: Settings;
  /** Name and backend of the project, without its program, for each of the driver's stacks. */
  readonly project: ProjectSettings;
  /** The secrets provider of the environment's file, for each of the driver's stacks. */
  readonly stackSettings: StackSettings;
}

/** @throws UserError (settings) naming the file; SettingsError with all validation errors at once */
export function loadEnvironment(name: string, directory: string = process.cwd()): Environment {
  if (!/^[a-zA-Z0-9_-]+$/.test(name))
    throw new UserError(
      ExitCode.usage,
      `"${name}" cannot be the name of an environment`,
      "An environment is the NAME of a file Pulumi.NAME.yaml: letters, digits, - and _.",
    );
  const root = resolve(directory);
  const project = readYaml(join(root, "Pulumi.yaml"), "Run the command in the project's folder.");
  const file = join(root, `Pulumi.${name}.yaml`);
  if (!existsSync(file))
    throw new UserError(
      ExitCode.settings,
      `there is no environment "${name}": ${file} does not exist`,
      `Environments here: ${environmentsIn(root).join(", ") || "none"}. docs/settings.md explains how to write one.`,
    );
  const stack = readYaml(file, "docs/settings.md explains its content.");
  return {
    name,
    directory: root,
    settings: settingsFromFile(file),
    project: {
      name: String(project["name"]),
      runtime: "nodejs",
      ...(project["backend"] ? { backend: project["backend"] } : {}),
    },
    stackSettings: secretsSettings(stack),
  };
}

/** The encryption settings of the stack's file, for the Automation API. */
function secretsSettings(stack: Readonly<Record<string, unknown>>): StackSettings {
  const names = {
    secretsprovider: "secretsProvider",
    encryptionsalt: "encryptionSalt",
    encryptedkey: "encryptedKey",
  };
  const given = Object.entries(names).flatMap(([file, name]) => {
    const value = stack[file];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return Object.fromEntries(given) as StackSettings;
}

/** Names of the environments that have a file in the folder. */
export function environmentsIn(directory: string): string[] {
  return readdirSync(directory)
    .map((file) => /^Pulumi\.([a-zA-Z0-9_-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** Name of a stage's stack, without colons, which stack names cannot contain. */
export function stackName(environment: string, stage: string): string {
  return `${environment}.${stage.replace(/:/g, ".")}`;
}

function readYaml(file: string, advice: string): Record<string, unknown> {
  try {
    const content: unknown = parse(readFileSync(file, "utf8"));
    if (typeof content === "object" && content !== null && !Array.isArray(content))
      return content as Record<string, unknown>;
  } catch (error) {
    throw new UserError(ExitCode.settings, `cannot read ${file}: ${(error as Error).message}`, advice);
  }
  throw new UserError(ExitCode.settings, `${file} has no mapping of settings`, advice);
}
