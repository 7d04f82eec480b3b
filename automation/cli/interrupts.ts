/** Ctrl-C: the first one lets the running steps end cleanly, the second one cancels them, the third one exits at once. */
import { setMaxListeners } from "node:events";
import { ExitCode, Interruption } from "../model/errors";

export class Interrupts {
  private readonly stop = new AbortController();
  private readonly stopNow = new AbortController();
  private count = 0;

  constructor(private readonly say: (line: string) => void) {
    // Each stage's engine and each request to AWS adds a listener: so many are no leak.
    setMaxListeners(0, this.stop.signal, this.stopNow.signal);
    process.on("SIGINT", this.onSigint);
  }

  /** Aborted by the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Aborted by the second Ctrl-C. */
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
      this.say("cancelling: resources may be left half-made; the next run adopts them");
      this.stopNow.abort(new Interruption(process.stdin.isTTY));
      return;
    }
    this.say("stopping after the current step (Ctrl-C again cancels it)");
    this.stop.abort(new Interruption(process.stdin.isTTY));
  };
}
