/**
 * Progress on a terminal: permanent lines for finished work, and below them one live line for each running stage, with the engine's
 * current steps. Without a terminal, terminal.ts prints plain lines instead.
 */
import type { DriverProgress } from "../model/reports";
import { progressLine } from "./terminal";

/** Text on the terminal that replaces the previous text, as log-update does. */
export interface Surface {
  (text: string): void;
  clear(): void;
  done(): void;
}

interface Running {
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  /** Number of finished resources. */
  done: number;
  doing: Set<string>;
}

/** Milliseconds between two updates of the seconds. */
const TICK = 500;

export class LiveProgress {
  private readonly running = new Map<string, Running>();
  private readonly timer: NodeJS.Timeout;

  /** @param say writes a permanent line */
  constructor(
    private readonly surface: Surface,
    private readonly say: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.timer = setInterval(() => this.render(), TICK).unref();
  }

  /** Undefined if standard error is not a terminal that can be overwritten: a pipe, CI, or a dumb terminal. */
  static async on(
    stream: NodeJS.WriteStream,
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<LiveProgress | undefined> {
    if (!stream.isTTY || env["CI"] || env["TERM"] === "dumb") return undefined;
    const { createLogUpdate } = await import("log-update");
    return new LiveProgress(createLogUpdate(stream), (line) => stream.write(`${line}\n`));
  }

  readonly onProgress = (event: DriverProgress): void => {
    if (event.kind === "stage-begun")
      this.running.set(event.stage, { account: event.account, begun: this.now(), done: 0, doing: new Set() });
    else if (event.kind === "engine") this.step(event.progress);
    else {
      if (event.kind === "stage-ended") this.running.delete(event.report.stage);
      const line = progressLine(event);
      if (line !== undefined) this.line(line);
    }
    this.render();
  };

  /** Writes a permanent line above the live ones. */
  readonly line = (text: string): void => {
    this.surface.clear();
    this.say(text);
    this.render();
  };

  end(): void {
    clearInterval(this.timer);
    this.running.clear();
    this.surface.clear();
    this.surface.done();
  }

  private step({ stage, change, done }: Extract<DriverProgress, { kind: "engine" }>["progress"]): void {
    const running = this.running.get(stage);
    if (!running || !change) return;
    const what = `${change.op} ${change.name}`;
    if (!done) running.doing.add(what);
    else if (running.doing.delete(what)) running.done++;
  }

  private render(): void {
    const lines = [...this.running].map(([stage, { account, begun, done, doing }]) => {
      const seconds = Math.round((this.now() - begun) / 1000);
      const what = [...doing].slice(0, 2).join(", ") + (doing.size > 2 ? `, and ${doing.size - 2} more` : "");
      const counted = done > 0 ? `, ${done} done` : "";
      return `${stage} (account ${account}) ${seconds} s${counted}${what === "" ? "" : `: ${what}`}`;
    });
    this.surface(lines.join("\n"));
  }
}
