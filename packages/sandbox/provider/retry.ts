/** Retries only on errors of AWS's eventual consistency. All others are thrown at once. */
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that the real provider waits for IAM's changes to reach other services. */
const PATIENCE = 120_000;

/** Aborted when the engine cancels: waiting operations end at their next pause. */
export const stopped = new AbortController();

export interface Passing {
  readonly name: string;
  readonly message?: RegExp;
}

/** The service does not know a new principal yet. */
export const NEW_PRINCIPAL: readonly Passing[] = [
  { name: "MalformedPolicyDocumentException", message: /principal/i },
  { name: "MalformedPolicyDocument", message: /invalid principal/i },
  { name: "MalformedPolicy", message: /invalid principal/i },
];

/** S3's errors for simultaneous changes of a bucket, and for a change right after its creation. */
export const BUCKET_BUSY: readonly Passing[] = [{ name: "OperationAborted" }, { name: "NoSuchBucket" }];

/** SageMaker's error for a role that is new or has new policies. */
export const NEW_ROLE: readonly Passing[] = [
  { name: "ValidationException", message: /execution role ARN is invalid|Invalid S3Uri provided/i },
];

/** @param patience milliseconds after which the error is thrown */
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

/** Repeats until `done` returns true. @throws Error after `patience` milliseconds, or when the engine is told to stop */
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

/** `undefined` if AWS answers with an error of one of these names. */
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
