/** Option parsing and exit codes of the local commands. */
import { Command } from "commander";
import { ExitCode, hasExitCode } from "../../automation/model/errors";

/** A command line that ends the process with the project's exit code on wrong usage, and with 0 after --help. */
export function commandLine(name: string): Command {
  return new Command(name).exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : ExitCode.usage));
}

/** Runs a command's main function and ends the process. Prints errors that users can repair without a stack. */
export function runCommand(main: () => Promise<number>): void {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (!hasExitCode(error)) {
        console.error("This is a bug in the program. Please report it.", error);
        process.exit(1);
      }
      console.error([error.message, error.advice].filter(Boolean).join("\n"));
      process.exit(error.exitCode);
    },
  );
}

export const tell = (line: string): void => void process.stderr.write(`${line}\n`);
