/** What the local commands share: how they end. */
import { hasExitCode } from "../../automation/errors";

/** Runs a command's main function and ends the process: users' errors in their own words, without a stack. */
export function runCommand(main: () => Promise<number>): void {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (!hasExitCode(error)) {
        console.error("This is a fault of the program itself; please report it.", error);
        process.exit(1);
      }
      console.error([error.message, error.advice].filter(Boolean).join("\n"));
      process.exit(error.exitCode);
    },
  );
}

export const tell = (line: string): void => void process.stderr.write(`${line}\n`);
