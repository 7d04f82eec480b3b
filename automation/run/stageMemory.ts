/**
 * Records the basis of each stage's last run: program, settings, inputs and state. A stage with the same basis is not run again;
 * when in doubt, it is.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "../../components/stages";
import { ExitCode, UserError } from "../model/errors";
import type { DeployedStack } from "../model/stackPort";
import { holdsUnknown } from "../graph/wiring";
import { hashOf } from "../environment/hashes";
import type { Basis, StageMemory } from "../model/driverOptions";
import type { StageWires } from "../model/wires";
import { replaceFile } from "../environment/files";

/** The parts that differ between the two. */
export function differences(now: Basis, last: Basis): (keyof Basis)[] {
  return (["program", "settings", "inputs", "state"] as const).filter((part) => now[part] !== last[part]);
}

export interface FileMemoryOptions {
  /** Absolute path of the folder with one file for each stage. */
  readonly folder: string;
  /** File name of a stage's record, without its extension. */
  readonly nameOf: (stage: Stage) => string;
  /** Hash of the program's sources; undefined if they cannot be read. */
  readonly program: () => Promise<string | undefined>;
  /** The settings that the stage's program can read. */
  readonly settingsOf: (stage: Stage) => unknown;
}

const VERSION = 1;

/** Keeps the records in small JSON files, each replaced atomically. */
export class FileMemory implements StageMemory {
  constructor(private readonly options: FileMemoryOptions) {}

  async basis(
    stage: Stage,
    inputs: StageWires,
    deployed: DeployedStack | undefined,
  ): Promise<Basis | undefined> {
    const program = await this.options.program();
    const state = deployed?.version;
    const values = Object.values(inputs).flatMap((outputs) => Object.values(outputs));
    // No hash of a secret is written anywhere: a stage with secrets is run each time.
    if (program === undefined || state === undefined || values.some(({ secret }) => secret)) return undefined;
    if (stage.needs.some((need) => !inputs[need]) || values.some(({ value }) => holdsUnknown(value)))
      return undefined;
    return { program, settings: hashOf(this.options.settingsOf(stage)), inputs: hashOf(inputs), state };
  }

  async last(stage: Stage): Promise<Basis | undefined> {
    try {
      const { version, ...basis } = JSON.parse(await readFile(this.file(stage), "utf8")) as Basis & {
        version: unknown;
      };
      return version === VERSION ? basis : undefined;
    } catch {
      return undefined;
    }
  }

  async remember(stage: Stage, basis: Basis): Promise<void> {
    await replaceFile(this.file(stage), JSON.stringify({ version: VERSION, ...basis }));
  }

  async forget(stage: Stage): Promise<void> {
    try {
      await rm(this.file(stage), { force: true });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ENOTDIR") return;
      throw new UserError(
        ExitCode.failed,
        `stage ${stage.name}: cannot remove the record of its last run: ${message}`,
        "Nothing was run. Make the folder writable.",
      );
    }
  }

  private file(stage: Stage): string {
    return join(this.options.folder, `${this.options.nameOf(stage)}.json`);
  }
}
