/** A run in progress, for programs: a promise of its report, with its progress as an iterable. */
import type { DriverProgress } from "../model/reports";
import type { RunOptions } from "../model/runOptions";

/** Await it for the report; iterate over `events` for its progress. */
export interface Run<T> extends Promise<T> {
  /** All progress from the start, for one reader; it ends with the run. A failure surfaces when the run is awaited. */
  readonly events: AsyncIterable<DriverProgress>;
}

/** Starts `work` and sends its progress to both the options' `onProgress` and `events`. */
export function running<O extends RunOptions, T>(
  options: O,
  work: (options: O & RunOptions) => Promise<T>,
): Run<T> {
  const events = new Events<DriverProgress>();
  const onProgress = (event: DriverProgress) => {
    options.onProgress?.(event);
    events.push(event);
  };
  const done = work({ ...options, onProgress }).finally(() => events.end());
  // A reader of `events` awaits the run later: until then a failure must not count as unhandled.
  return Object.assign(done, { events: events.iterable(() => void done.catch(() => undefined)) });
}

/** A queue to iterate over. */
class Events<T> {
  private readonly kept: T[] = [];
  private wake: () => void = () => undefined;
  private over = false;

  push(value: T): void {
    this.kept.push(value);
    this.wake();
  }

  end(): void {
    this.over = true;
    this.wake();
  }

  iterable(begun: () => void): AsyncIterable<T> {
    return {
      [Symbol.asyncIterator]: () => {
        begun();
        return this.taken();
      },
    };
  }

  private async *taken(): AsyncGenerator<T, void> {
    for (;;) {
      const next = this.kept.shift();
      if (next !== undefined) yield next;
      else if (this.over) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
