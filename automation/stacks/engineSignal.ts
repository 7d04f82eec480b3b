/** Passes the driver's signals to the engine: one SIGINT to stop, a second one to cancel. */
import { Interruption } from "../model/errors";
import type { StageRun } from "../model/stackPort";

/**
 * The Automation API sends the engine a SIGINT for each `abort` event of its signal, so this signal fires twice. It does not pass
 * on a SIGINT from a terminal: the engine, in the driver's process group, has already received it, and a second one would cancel
 * the current step.
 * @throws Interruption if the run is already stopped
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

/** A late listener, of an engine that was still starting, receives the earlier signals too. */
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
