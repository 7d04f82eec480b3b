/** Deleting data needs a confirmation: the environment's name, entered after the list of the data. */
import { createInterface } from "node:readline/promises";
import { ExitCode, UserError } from "../../model/errors";
import type { Confirmation } from "../../model/runOptions";

/** Nothing was deleted, because the confirmation is missing. `list` is what would have been deleted. */
export class Unconfirmed<T = unknown> extends UserError {
  constructor(
    message: string,
    advice: string,
    readonly list: readonly T[],
  ) {
    super(ExitCode.unconfirmed, message, advice);
    this.name = "Unconfirmed";
  }
}

/**
 * @param lines the list as text
 * @throws Unconfirmed unless the confirmation is exactly the environment's name
 */
export async function confirm<T>(
  environment: string,
  list: readonly T[],
  lines: readonly string[],
  confirmation: Confirmation<T> | undefined,
): Promise<void> {
  const given = typeof confirmation === "function" ? await confirmation(list) : confirmation;
  if (given === environment) return;
  const what =
    given === undefined
      ? "nothing was deleted: the deletion was not confirmed"
      : `nothing was deleted: "${given}" is not the name of the environment, ${environment}`;
  throw new Unconfirmed(
    [`${what}. This would be deleted permanently:`, ...lines.map((line) => `  ${line}`)].join("\n"),
    `To delete it, pass the environment's name: --confirm ${environment}`,
    list,
  );
}

/** Asks on the terminal; undefined if standard input or error is not a terminal. */
export async function askForName(
  environment: string,
  lines: readonly string[],
  { input = process.stdin, output = process.stderr, signal }: Asking = {},
): Promise<string | undefined> {
  if (!input.isTTY || !output.isTTY) return undefined;
  output.write(["This will be deleted permanently:", ...lines.map((line) => `  ${line}`), ""].join("\n"));
  const terminal = createInterface({ input, output });
  try {
    const question = `Type the environment's name to delete it (${environment}): `;
    return (await terminal.question(question, signal ? { signal } : {})).trim();
  } finally {
    terminal.close();
  }
}

interface Asking {
  readonly input?: NodeJS.ReadStream;
  readonly output?: NodeJS.WriteStream;
  readonly signal?: AbortSignal;
}
