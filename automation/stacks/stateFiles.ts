/**
 * Reads the files of a `file://` backend: a state takes a millisecond, where `pulumi stack export` takes a third of a second. In
 * doubt it leaves the answer to the CLI. Reads only.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Deployment } from "@pulumi/pulumi/automation";
import { stateIn } from "./stateText";

/** Key of Pulumi's envelopes, such as a secret, which a state file has encrypted. */
const ENVELOPE = "4dabf18193072939515e22adb298388d";

/** The state's backend, found like the CLI: the environment, then the project; undefined: the user's login. */
export function backendUrl(
  project: { readonly backend?: unknown },
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const own = (project.backend as { url?: unknown } | undefined)?.url;
  return env["PULUMI_BACKEND_URL"] ?? (typeof own === "string" ? own : undefined);
}

/** The folder of a `file://` backend with an absolute path; undefined for any other backend. */
export function stateFolder(url: string | undefined): string | undefined {
  if (url === undefined || !/^file:\/\/\/[^~?]*$/.test(url)) return undefined;
  return fileURLToPath(url);
}

/**
 * True if a `file://` backend has the stack. The CLI needs a fifth of a second for that.
 * @param folder of the backend
 * @returns undefined if only the CLI can tell, for example with a torn state
 */
export async function hasStack(folder: string, project: string, stack: string): Promise<boolean | undefined> {
  const base = join(folder, ".pulumi");
  const file = stateFile(folder, project, stack);
  const state = await jsonIn(file);
  // With a torn sidecar, the CLI fails although the state is whole; the sidecar is then removed.
  if (state === "yes") return (await jsonIn(`${file}.attrs`)) === "no" ? undefined : true;
  if (state === "no" || existsSync(`${file}.gz`)) return undefined;
  // A non-empty backend without meta.yaml is of an older form, whose stacks belong to no project.
  return existsSync(join(base, "meta.yaml")) || !existsSync(base) ? false : undefined;
}

/** "yes" if the file is JSON. */
async function jsonIn(file: string): Promise<"yes" | "no" | "absent"> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return "yes";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "absent" : "no";
  }
}

function stateFile(folder: string, project: string, stack: string): string {
  return join(folder, ".pulumi", "stacks", project, `${stack}.json`);
}

/** A stack's state, and its hash, which changes with every write. */
export interface StateRead {
  readonly deployment: Deployment;
  readonly version: string;
}

/**
 * @param folder of the backend
 * @returns undefined if the stack does not exist; "ask" if only the CLI can read it: secrets, compressed or torn files, files of
 *   other versions
 */
export async function readStateFile(
  folder: string,
  project: string,
  stack: string,
): Promise<StateRead | "ask" | undefined> {
  const text = await readFile(stateFile(folder, project, stack), "utf8").catch(() => undefined);
  if (text === undefined) return (await hasStack(folder, project, stack)) === false ? undefined : "ask";
  const state = text.includes(ENVELOPE) ? undefined : stateIn(text);
  if (!state) return "ask";
  const { version, checkpoint } = state;
  return { deployment: { version, deployment: checkpoint.latest ?? {} }, version: hashOfText(text) };
}

/** SHA-256, hex. */
export function hashOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
