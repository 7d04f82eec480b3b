/**
 * Creations whose answer was lost. The AWS SDK repeats a request without an answer: the creation then fails because of its own success
 * ("already exists"), or happens twice. So the resource is looked up and used as the answer.
 */
import { isPassing, type Passing } from "./retry";

/** Seconds that AWS's clock may be behind this machine's, plus the resolution of its times. */
const TOLERANCE = 5;

export interface Creation<T> {
  readonly send: () => Promise<T>;
  /** Names of the errors for a resource that exists. */
  readonly taken?: readonly Passing[];
  /**
   * Looks the resource up, and returns it in the form of `send`'s answer; undefined if there is none.
   * @param since a resource that was made earlier belongs to somebody else
   */
  readonly find: (since: Date) => Promise<T | undefined>;
}

/** @throws what `send` throws, unless it created the resource nevertheless */
export async function creating<T>({ send, taken = [], find }: Creation<T>): Promise<T> {
  const since = new Date(Date.now() - TOLERANCE * 1000);
  try {
    return await send();
  } catch (error) {
    // Sent only once: the existing resource belongs to somebody else.
    const isOwn = attemptsOf(error) > 1 && isPassing(error, taken);
    if (!isOwn && !isUnanswered(error)) throw error;
    const found = await find(since);
    if (found === undefined) throw error;
    return found;
  }
}

/** The number of times that the SDK sent the request. */
export function attemptsOf(answer: unknown): number {
  return (answer as { $metadata?: { attempts?: number } } | undefined)?.$metadata?.attempts ?? 1;
}

/** True if the creation may have happened: there was no answer, or a server error. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined ? $metadata !== undefined || "code" in error : status >= 500;
}

export function isSince(made: Date | undefined, since: Date): boolean {
  return made !== undefined && made >= since;
}
