/** The context of a command on this terminal: output, progress and Ctrl-C. */
import { LiveProgress } from "../report/live";
import { progressLine } from "../report/terminal";
import type { CommandContext } from "./command";
import { Interrupts } from "./interrupts";
import type { DriverProgress } from "../model/reports";

export async function commandContext(argv: readonly string[]): Promise<CommandContext & { end(): void }> {
  const live = argv.includes("--quiet") ? undefined : await LiveProgress.on(process.stderr);
  const say = live?.line ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const interrupts = new Interrupts(say);
  const { signal, cancel } = interrupts;
  const endProgress = () => live?.end();
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    say,
    endProgress,
    signal,
    runOptions({ env, quiet }) {
      const onEngine = quiet ? () => undefined : say;
      const lines = (event: DriverProgress) => {
        const line = progressLine(event);
        if (line !== undefined) onEngine(line);
      };
      return { env, onEngine, onProgress: live?.onProgress ?? lines, signal, cancel };
    },
    end() {
      endProgress();
      interrupts.end();
    },
  };
}
