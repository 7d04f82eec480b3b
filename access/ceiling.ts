/** The most that the intents let a holder be permitted: by holder and action, the resources and the context of requests. */
import { type ActionCatalog, within } from "@feature-store-access/iam";
import { accountHolder, type Intent, type Step } from "./intents/types";

export class Ceilings {
  private readonly steps = new Map<
    string,
    { readonly exact: Map<string, Step[]>; readonly patterns: Step[] }
  >();
  /** Accounts that some intent names as a whole. */
  readonly accounts = new Set<string>();

  constructor(intents: readonly Intent[], catalog: ActionCatalog) {
    for (const { expect, steps } of intents)
      if (expect === "allowed") for (const step of steps) this.add(step, catalog);
  }

  /** @returns the intended steps within which the permission lies; none if it is wider than every step */
  covering(holder: string, action: string, pattern: string): readonly Step[] {
    const known = this.steps.get(`${holder}\n${action.toLowerCase()}`);
    if (!known) return [];
    // Most patterns occur literally in an intent, which saves comparing sets.
    return known.exact.get(pattern) ?? known.patterns.filter(({ scope }) => within(pattern, scope));
  }

  private add(step: Step, catalog: ActionCatalog): void {
    const { principal, holder = principal, action, scope } = step;
    if (holder.startsWith(accountHolder(""))) this.accounts.add(holder.slice(accountHolder("").length));
    for (const name of action.includes("*") ? catalog.expand(action) : [action]) {
      const key = `${holder}\n${name.toLowerCase()}`;
      let known = this.steps.get(key);
      if (!known) this.steps.set(key, (known = { exact: new Map(), patterns: [] }));
      known.exact.set(scope, [...(known.exact.get(scope) ?? []), step]);
      if (/[*?]/.test(scope)) known.patterns.push(step);
    }
  }
}
