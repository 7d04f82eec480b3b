/** Retries on exactly the errors that pass by themselves: AWS's eventual consistency. All else is an error at once. */
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds: the longest that IAM's changes take to be seen by other services, as the real provider waits. */
const PATIENCE = 120_000;

/** Ended when the engine is told to stop: whoever waits ends at the next pause. */
export const stopped = new AbortController();

export interface Passing {
  readonly name: string;
  readonly message?: RegExp;
}

/** A principal that was just made is not known to the service yet. */
export const NEW_PRINCIPAL: readonly Passing[] = [
  { name: "MalformedPolicyDocumentException", message: /principal/i },
  { name: "MalformedPolicyDocument", message: /invalid principal/i },
  { name: "MalformedPolicy", message: /invalid principal/i },
];

/** S3 answers two changes of one bucket at once, or one that follows its making. */
export const BUCKET_BUSY: readonly Passing[] = [{ name: "OperationAborted" }, { name: "NoSuchBucket" }];

/** FACTS of Feature Store: a role that was just made, or just got its policies. */
export const NEW_ROLE: readonly Passing[] = [
  { name: "ValidationException", message: /execution role ARN is invalid|Invalid S3Uri provided/i },
];

/** @param patience milliseconds after which the error stands */
export async function retrying<T>(
  work: () => Promise<T>,
  passing: readonly Passing[],
  patience: number = PATIENCE,
): Promise<T> {
  const end = Date.now() + patience;
  for (let pause = 200; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error, passing) || Date.now() + pause > end || stopped.signal.aborted) throw error;
      await waiting(pause, (error as Error).message);
    }
  }
}

/** Asks until `done` says so. @throws Error after `patience` milliseconds, or when the engine is told to stop */
export async function until<T>(
  ask: () => Promise<T>,
  done: (answer: T) => boolean,
  what: string,
  patience: number,
): Promise<T> {
  const end = Date.now() + patience;
  for (let pause = 50; ; pause = Math.min(pause * 2, 5_000)) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (Date.now() > end) throw new Error(`timeout while waiting for ${what}`);
    await waiting(pause, `waiting for ${what}`);
  }
}

/** `undefined` where AWS says that the thing is not there, by an error of one of these names. */
export async function orGone<T>(
  ask: () => Promise<T>,
  ...gone: readonly (string | Passing)[]
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const known = gone.map((each) => (typeof each === "string" ? { name: each } : each));
    if (isPassing(error, known)) return undefined;
    throw error;
  }
}

async function waiting(milliseconds: number, what: string): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal: stopped.signal });
  } catch {
    throw new Error(`stopped: ${what}`);
  }
}

/** True if the error is one of these. */
export function isPassing(error: unknown, passing: readonly Passing[]): boolean {
  if (!(error instanceof Error)) return false;
  return passing.some(
    ({ name, message }) => error.name === name && (message === undefined || message.test(error.message)),
  );
}
