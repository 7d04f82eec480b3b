/** Ctrl-C: the first one lets what runs come to a clean end, the second one cancels it, a third one ends at once. */
import { setMaxListeners } from "node:events";
import { ExitCode, Interruption } from "../model/errors";

export class Interrupts {
  private readonly stop = new AbortController();
  private readonly stopNow = new AbortController();
  private count = 0;

  constructor(private readonly say: (line: string) => void) {
    // Each stage's engine and each request to AWS listens: they are many, and none is forgotten.
    setMaxListeners(0, this.stop.signal, this.stopNow.signal);
    process.on("SIGINT", this.onSigint);
  }

  /** Aborted by the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Aborted by the second one. */
  get cancel(): AbortSignal {
    return this.stopNow.signal;
  }

  end(): void {
    process.off("SIGINT", this.onSigint);
  }

  private readonly onSigint = (): void => {
    this.count++;
    if (this.count >= 3) process.exit(ExitCode.interrupted);
    if (this.count === 2) {
      this.say("cancelling: what the engine was making may be left half-made; the next run takes it over");
      this.stopNow.abort(new Interruption(process.stdin.isTTY));
      return;
    }
    this.say("stopping: the engine ends the step that it is at (once more cancels it)");
    this.stop.abort(new Interruption(process.stdin.isTTY));
  };
}
