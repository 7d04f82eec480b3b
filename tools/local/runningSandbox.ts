/** Finds the sandbox that runs on a state directory, by the file that it wrote there. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { isAlive } from "./leases";

const keys = z.object({ id: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() });
export const description = z.object({ endpoint: z.url(), accounts: z.array(keys), base: keys });
/** `endpoint.json`, which a running sandbox keeps in its state directory. */
const endpointFile = description.extend({ pid: z.number() });

/** A sandbox's endpoint, and access keys of its accounts. */
export type SandboxDescription = z.infer<typeof description>;

export interface RunningSandbox extends SandboxDescription {
  /** Absolute path of the state directory. */
  readonly state: string;
  /** True if this process started it: then `end` stops it. */
  readonly started: boolean;
  end(): Promise<void>;
}

export const DEFAULT_STATE = ".sandbox";

/** The exit code if no sandbox runs, or none could be started. */
export const NO_SANDBOX = 9;

/** The state's running sandbox; undefined if there is none. */
export async function runningSandbox(state: string): Promise<RunningSandbox | undefined> {
  const folder = resolve(state);
  const found = readEndpoint(folder);
  if (!found || !isAlive(found.pid) || !(await answers(found.endpoint))) return undefined;
  const { endpoint, accounts, base } = found;
  return { endpoint, accounts, base, state: folder, started: false, end: () => Promise.resolve() };
}

/** `endpoint.json` of the running sandbox, or of one that was killed; undefined if there is none. */
export function readEndpoint(state: string): z.infer<typeof endpointFile> | undefined {
  try {
    return endpointFile.parse(JSON.parse(readFileSync(endpointPath(state), "utf8")));
  } catch {
    // No sandbox runs there, or one is just writing the file.
    return undefined;
  }
}

/** True if the endpoint answers like AWS. A killed sandbox leaves its endpoint.json behind, so the file alone proves nothing. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.headers.has("x-amzn-requestid") || response.headers.has("x-amz-request-id");
  } catch {
    return false;
  }
}

export function endpointPath(state: string): string {
  return join(state, "endpoint.json");
}
