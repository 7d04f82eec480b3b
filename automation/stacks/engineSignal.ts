/** The driver's two signals, to stop and to cancel, as the engine takes them: SIGINT once, and SIGINT again. */
import { Interruption } from "../model/errors";
import type { StageRun } from "../model/stackPort";

/**
 * The Automation API sends the engine a SIGINT for each `abort` event of its signal: this signal has two. A SIGINT from a terminal
 * has reached the engine already, which is in the driver's process group; a second one would cancel the step that the first
 * lets end.
 * @throws Interruption if the run is stopped already
 */
export function engineSignal({ signal, cancel }: Pick<StageRun, "signal" | "cancel">): AbortSignal {
  if (signal?.aborted || cancel?.aborted) throw new Interruption(false);
  const relay = new Relay();
  for (const each of [signal, cancel])
    each?.addEventListener(
      "abort",
      () => {
        const { reason } = each as { reason: unknown };
        if (!(reason instanceof Interruption && reason.fromTerminal)) relay.send();
      },
      { once: true },
    );
  return relay as unknown as AbortSignal;
}

/** Late listeners, of an engine that was still starting, are told of what was sent before. */
class Relay {
  private readonly listeners: (() => void)[] = [];
  private sent = 0;

  send(): void {
    this.sent++;
    for (const listener of this.listeners) listener();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.listeners.push(listener);
    for (let times = 0; times < this.sent; times++) listener();
  }
}
