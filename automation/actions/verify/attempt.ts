/** Makes one attempt and judges it by AWS's answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { awsWords } from "../../environment/accountSessions";
import type { Attempt, Check } from "../../topologies/verification/types";

/** AWS's codes for a refusal by policy. S3 says `Forbidden` to a HEAD request, whose answer has no body. */
const DENIALS = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AccessDeniedFault",
  "Forbidden",
  "UnauthorizedOperation",
]);

/** How long refusals of an allowed attempt are retried: IAM's changes take a while to spread. */
const PROPAGATION = { milliseconds: 20_000, pause: 1_000 };

export async function attempt(what: Attempt, patience: number = PROPAGATION.milliseconds): Promise<Check> {
  const end = Date.now() + patience;
  for (;;) {
    const check = await once(what);
    const mayPass = what.expected === "allowed" && check.actual === "denied" && Date.now() < end;
    if (!mayPass) return check;
    await sleep(PROPAGATION.pause);
  }
}

async function once({ as, action, resource, expected, run }: Attempt): Promise<Check> {
  const tried = { as, action, resource, expected };
  try {
    const detail = (await run()) ?? undefined;
    return { ...tried, actual: "allowed", ok: expected === "allowed", detail };
  } catch (error) {
    const actual = isDenial(error) ? "denied" : "failed";
    return { ...tried, actual, ok: actual === expected, detail: awsWords(error) };
  }
}

/** True if AWS refused by policy; false for every other failure. */
export function isDenial(error: unknown): boolean {
  return error instanceof Error && DENIALS.has(error.name);
}
