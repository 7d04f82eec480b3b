/** The result of every lint rule. */
import type { Finding, Place } from "../findings";

/** A finding about one statement, before its place is known. */
export interface Flaw {
  readonly says: string;
  readonly advice?: string | undefined;
}

export function lintFinding(places: readonly Place[], says: string, advice?: string): Finding {
  return { kind: "lint", says, why: [], places, ...(advice === undefined ? {} : { advice }) };
}
