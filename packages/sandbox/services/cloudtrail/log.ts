/**
 * The events of all accounts, the newest `MOST_EVENTS` of them. They are in memory and are soon written to separate chunks, so that a request
 * does not wait for its event, and the state's one file does not grow with them.
 */
import type { World } from "../../core";
import type { TrailEvent } from "./event";

/** Maximum number of events; the oldest are dropped first. */
export const MOST_EVENTS = 5000;
const CHUNK = 250;
/** Milliseconds after which new events are written. */
const PAUSE = 1000;

interface Chunk {
  readonly blob: string;
}

export interface EventLog {
  add(events: readonly TrailEvent[]): void;
  /** Oldest first. Waits until the events of earlier runs were read. */
  all(): Promise<readonly TrailEvent[]>;
  /** Writes the events that are not written yet. */
  flush(): Promise<void>;
}

const logs = new WeakMap<World, EventLog>();

/** The log of a world. */
export function logOf(world: World): EventLog {
  const log = logs.get(world) ?? createEventLog(world);
  logs.set(world, log);
  return log;
}

function createEventLog(world: World): EventLog {
  const chunks = () => world.store.collection<Chunk>("cloudtrail.chunks");
  /** This run's events, by chunk number. */
  let events: TrailEvent[] = [];
  let earlier: Promise<TrailEvent[]> | undefined;
  let chunk: { number: number; events: TrailEvent[] } | undefined;
  const dirty = new Map<number, readonly TrailEvent[]>();
  let waiting = false;

  const numbers = () => [...chunks().entries()].map(([number]) => Number(number)).sort((a, b) => a - b);
  const read = async (number: number): Promise<TrailEvent[]> => {
    try {
      return JSON.parse((await world.store.getBlob(blobOf(number))).toString("utf8")) as TrailEvent[];
    } catch {
      return []; // the run that started the chunk was killed before it wrote it
    }
  };
  const earlierEvents = () => (earlier ??= Promise.all(numbers().map(read)).then((read) => read.flat()));

  const flush = async (): Promise<void> => {
    const written = [...dirty];
    dirty.clear();
    for (const [number, content] of written) {
      await world.store.putBlob(blobOf(number), Buffer.from(JSON.stringify(content)));
      if (!chunks().has(String(number))) chunks().set(String(number), { blob: blobOf(number) });
    }
    const surplus = numbers().slice(0, -Math.ceil(MOST_EVENTS / CHUNK));
    for (const number of surplus) {
      chunks().delete(String(number));
      await world.store.deleteBlob(blobOf(number));
    }
  };

  return {
    add(added) {
      if (added.length === 0) return;
      earlierEvents().catch(() => undefined); // read before new chunks are written
      for (const event of added) {
        if (!chunk || chunk.events.length >= CHUNK)
          chunk = { number: (chunk?.number ?? numbers().at(-1) ?? 0) + 1, events: [] };
        chunk.events.push(event);
        dirty.set(chunk.number, chunk.events);
        events.push(event);
      }
      if (events.length > MOST_EVENTS + CHUNK) events = events.slice(-MOST_EVENTS);
      if (waiting) return;
      waiting = true;
      world.later(PAUSE, () => {
        waiting = false;
        return flush();
      });
    },
    async all() {
      const before = await earlierEvents();
      return [...before, ...events].slice(-MOST_EVENTS);
    },
    flush,
  };
}

const blobOf = (number: number) => `cloudtrail-events-${number}`;
