/** What a report of the whole graph says of its access. */
import type { AccessDiff } from "../../access/diff";
import { hasUnexplainedGain } from "../../access/diff";
import type { Finding } from "../../access/findings";
import type { AccessProof } from "./proveAccess";

export interface AccessSummary {
  /** False if something is wrong, or is gained that no setting explains. */
  readonly ok: boolean;
  /** How many intended accesses work, and how many refusals hold; of how many. */
  readonly allowed: { readonly hold: number; readonly of: number };
  readonly denied: { readonly hold: number; readonly of: number };
  readonly errors: readonly Finding[];
  /** Statements of the documents' own policies that grant more than any intent uses. */
  readonly beyond: number;
  /** Against what is deployed. */
  readonly diff?: AccessDiff & { readonly against: string };
}

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
