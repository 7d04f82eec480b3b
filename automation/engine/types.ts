/** The Pulumi engine as the driver uses it, and the ways to provide it. */
import type { PulumiCommand } from "@pulumi/pulumi/automation";

export type EngineSource = "path" | "cache" | "installer" | "build";

export interface Engine {
  /** Absolute path of the `pulumi` command. */
  readonly command: string;
  /** Such as `3.259.0`. */
  readonly version: string;
  /** Folder of the command, to put first on PATH; also has the Node.js language host if `languageHost` is set. */
  readonly directory: string;
  readonly source: EngineSource;
  /** Why this engine was chosen, as a sentence. */
  readonly reason: string;
  /** The command as the Automation API takes it. */
  pulumiCommand(): Promise<PulumiCommand>;
}

export interface EngineOptions {
  /** True: also the Node.js language host, which `pulumi up` needs and the driver does not. */
  readonly languageHost?: boolean;
  /** Receives progress of long work: downloads, compilation, waiting for another process that builds. */
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface CommandOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The machine, as the search for an engine uses it; tests pass their own. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of an executable on PATH. */
  which(name: string): Promise<string | undefined>;
  /** Absolute path of an executable in the folder of `command`, links followed. */
  beside(command: string, name: string): Promise<string | undefined>;
  run(
    command: string,
    args: readonly string[],
    options?: {
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
      /** Milliseconds after which the command is ended. */
      readonly timeout?: number;
      /** True: runs in its own process group, which is ended as a whole; for commands that start others (a shell script). */
      readonly group?: boolean;
      readonly onLine?: (line: string) => void;
      readonly signal?: AbortSignal;
    },
  ): Promise<CommandOutput>;
  /** True if the address answers within a few seconds. */
  reaches(url: string): Promise<boolean>;
}
