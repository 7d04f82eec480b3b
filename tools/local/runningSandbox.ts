/** The sandbox that runs on a state directory, by what it wrote there. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { isAlive } from "./leases";

const keys = z.object({ id: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() });
export const description = z.object({ endpoint: z.url(), accounts: z.array(keys), base: keys });
/** What a running sandbox writes into its state directory. */
const endpointFile = description.extend({ pid: z.number() });

/** Where a sandbox is, and the keys to it. */
export type SandboxDescription = z.infer<typeof description>;

export interface RunningSandbox extends SandboxDescription {
  /** Absolute path of the state directory. */
  readonly state: string;
  /** True if it was started here: then `end` stops it. */
  readonly started: boolean;
  end(): Promise<void>;
}

export const DEFAULT_STATE = ".sandbox";

/** The exit code where no sandbox could be started, or none runs. */
export const NO_SANDBOX = 9;

/** The sandbox that runs on the state, if one does. */
export async function runningSandbox(state: string): Promise<RunningSandbox | undefined> {
  const folder = resolve(state);
  const found = readEndpoint(folder);
  if (!found || !isAlive(found.pid) || !(await answers(found.endpoint))) return undefined;
  const { endpoint, accounts, base } = found;
  return { endpoint, accounts, base, state: folder, started: false, end: () => Promise.resolve() };
}

/** What the running sandbox, or one that was killed, wrote into its state directory. */
export function readEndpoint(state: string): z.infer<typeof endpointFile> | undefined {
  try {
    return endpointFile.parse(JSON.parse(readFileSync(endpointPath(state), "utf8")));
  } catch {
    // Nothing runs there, or what runs is just writing it.
    return undefined;
  }
}

/** A sandbox that was killed leaves its endpoint behind: only an answer in AWS's manner counts. */
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
