/** Summarizes the proof for a report of the whole graph. */
import { hasUnexplainedGain } from "../../access/diff";
import type { AccessProof } from "./proveAccess";
import type { AccessSummary } from "../model/reports";

export function summaryOf({ proof, errors, warnings, diff }: AccessProof): AccessSummary {
  const count = (expect: "allowed" | "denied") => {
    const all = proof.intents.filter(({ intent }) => intent.expect === expect);
    return { hold: all.filter(({ holds }) => holds).length, of: all.length };
  };
  return {
    ok: errors.length === 0 && !(diff && hasUnexplainedGain(diff)),
    allowed: count("allowed"),
    denied: count("denied"),
    errors,
    beyond: warnings.length,
    ...(diff ? { diff } : {}),
  };
}
