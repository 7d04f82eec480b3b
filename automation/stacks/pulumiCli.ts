/** The Pulumi CLI, run without the Automation API. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The CLI ended with an error: its message is what it wrote to standard error. */
export class CliFailed extends Error {
  constructor(stderr: string) {
    super(stderr);
    this.name = "CliFailed";
  }
}

/** @returns its standard output. @throws CliFailed */
export async function runCli(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd, maxBuffer: 1 << 30 })).stdout;
  } catch (error) {
    throw new CliFailed((error as { stderr?: string }).stderr ?? (error as Error).message);
  }
}
