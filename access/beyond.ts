/**
 * Permissions beyond the intents. Every statement of the graph that allows something is taken as a set: its actions from the catalog,
 * its resources as patterns, its principals as holders. A permission is beyond the intents if no intent's ceiling covers it, whether
 * or not another policy lets it take effect today. This holds for all principals, not for samples.
 */
import { type ActionCatalog, overlap, type PolicyStatement, widest, within } from "@feature-store-access/iam";
import type { Ceilings } from "./ceiling";
import { placeOf, type Finding, type FindingKind } from "./findings";
import { demandsOf, keeps, KEEPING, unlikeWords } from "./demands";
import { allowing, scopesOn } from "./permissions";
import { holdersOf, holderWords, isDelegation, type Holder } from "./holders";
import { list } from "./lists";
import { accountHolder } from "./intents/types";
import type { AccessModel, ModelDocument, ModelResource, ModelRole } from "./model";

export interface Surroundings {
  readonly catalog: ActionCatalog;
  readonly ceilings: Ceilings;
  /** 12 digits each: the accounts of the settings. */
  readonly accounts: ReadonlySet<string>;
}

interface Around extends Surroundings {
  /** Labels of the graph's roles, by ARN. */
  readonly labels: ReadonlyMap<string, string>;
}

/** @returns a finding for each statement that allows what no intent uses, or lets in anyone or a foreign account */
export function beyond(model: AccessModel, given: Surroundings): Finding[] {
  const surroundings = { ...given, labels: new Map(model.roles.map(({ arn, label }) => [arn, label])) };
  return [
    ...model.roles.flatMap((role) =>
      role.identity.flatMap((document) => ofRole(role, document, surroundings)),
    ),
    ...model.resources.flatMap((resource) =>
      resource.policy ? ofResource(resource, resource.policy, surroundings) : [],
    ),
  ];
}

function ofRole(role: ModelRole, document: ModelDocument, around: Around): Finding[] {
  return allowing(document).flatMap(([statement, index]) => {
    const holder: Holder = { kind: "principal", id: role.arn };
    const patterns = statement.Resource === undefined ? ["*"] : list(statement.Resource);
    const more = exceeding(statement, document, patterns, [holder.id], around);
    return more.length === 0 ? [] : [excess("excess", role.label, more, document, index, statement)];
  });
}

function ofResource(resource: ModelResource, document: ModelDocument, around: Around): Finding[] {
  return allowing(document).flatMap(([statement, index]) =>
    holdersOf(statement).flatMap((holder): Finding[] => {
      // A delegation to the resource's own account is no finding: a key's policy has to state it, and for other
      // resources it always holds. Roles are the exception: nobody can assume a role unless its trust policy lets them.
      if (resource.kind !== "role" && isDelegation(holder, resource.account)) return [];
      const names = holder.direct && holder.id === resource.account ? [] : ceilingNames(holder);
      const more = exceeding(statement, document, patternsOn(resource, statement), names, around);
      const kind = findingKind(holder, around, more.length === 0);
      if (!kind) return [];
      const excesses =
        more.length > 0 ? more : [{ actions: list(statement.Action ?? "*"), pattern: resource.arn }];
      const who = around.labels.get(holder.id) ?? holderWords(holder);
      return [excess(kind, who, excesses, document, index, statement)];
    }),
  );
}

/** Access for the public, or for an account that is not in the settings, is wrong whatever the permission is. */
function findingKind(
  holder: Holder,
  { accounts, ceilings }: Surroundings,
  covered: boolean,
): FindingKind | undefined {
  if (holder.kind === "anyone") return "public";
  const account =
    holder.kind === "account" ? holder.id : (/^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(holder.id)?.[1] ?? "");
  if (account !== "" && !accounts.has(account) && !ceilings.accounts.has(account)) return "foreignAccount";
  return covered ? undefined : "excess";
}

function ceilingNames({ kind, id }: Holder): string[] {
  if (kind === "account") return [accountHolder(id)];
  const account = /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(id)?.[1];
  return account === undefined ? [id] : [id, accountHolder(account)];
}

interface Excess {
  readonly actions: readonly string[];
  readonly pattern: string;
  /** In words: a condition that every intended use meets and the statement does not demand in the same way. */
  readonly unlike?: string;
}

/** The actions and resources of a statement that no ceiling covers, by resource. */
function exceeding(
  statement: PolicyStatement,
  document: ModelDocument,
  patterns: readonly string[],
  holders: readonly string[],
  { catalog, ceilings }: Surroundings,
): Excess[] {
  const actions = actionsOf(statement, catalog);
  const demanded = demandsOf(statement);
  return patterns.flatMap((pattern) => {
    const more: string[] = [];
    const unlike = new Map<string, string[]>();
    for (const action of actions) {
      if (!catalog.fits(action, pattern)) continue;
      const steps = holders.flatMap((holder) => ceilings.covering(holder, action, pattern));
      if (steps.length === 0) {
        more.push(action);
        continue;
      }
      for (const key of KEEPING[document.kind] ?? []) {
        if (!steps.every(({ context = {} }) => key in context)) continue;
        const intended = new Set(steps.flatMap(({ context = {} }) => list(context[key] ?? [])));
        if (keeps(key, demanded.get(key.toLowerCase()), intended)) continue;
        const words = unlikeWords(key, demanded.get(key.toLowerCase()), intended);
        unlike.set(words, [...(unlike.get(words) ?? []), action]);
      }
    }
    return [
      ...(more.length > 0 ? [{ actions: folded(more, statement), pattern }] : []),
      ...[...unlike].map(([words, names]) => ({ actions: names, pattern, unlike: words })),
    ];
  });
}

/** The statement's own wildcards instead of a long list of actions. */
function folded(actions: readonly string[], { Action }: PolicyStatement): readonly string[] {
  const wild = list(Action ?? "*").filter((pattern) => pattern.includes("*"));
  if (wild.length === 0 || actions.length <= 6) return actions;
  return wild.map((pattern) => `${pattern} (${actions.length} actions that no intent uses)`);
}

function actionsOf({ Action, NotAction }: PolicyStatement, catalog: ActionCatalog): readonly string[] {
  // NotAction allows everything else, and no intent is that wide.
  if (NotAction !== undefined || Action === undefined) return ["*"];
  return [
    ...new Set(
      list(Action).flatMap((pattern) =>
        pattern.includes("*") || pattern.includes("?") ? catalog.expand(pattern) : [pattern],
      ),
    ),
  ];
}

function patternsOn(resource: ModelResource, statement: PolicyStatement): readonly string[] {
  const objects = `${resource.arn}/*`;
  return scopesOn(resource, statement).flatMap((pattern) => {
    if (
      pattern !== "*" &&
      !(resource.kind === "bucket" && within(objects, pattern) && within(resource.arn, pattern))
    ) {
      const most = widest(pattern);
      return overlap(most, resource.arn) || overlap(most, objects) ? [pattern] : [];
    }
    return resource.kind === "bucket" ? [resource.arn, objects] : [resource.arn];
  });
}

function excess(
  kind: "public" | "foreignAccount" | FindingKind,
  who: string,
  excesses: readonly Excess[],
  document: ModelDocument,
  index: number,
  statement: PolicyStatement,
): Finding {
  const why = excesses.map(({ actions, pattern, unlike }) =>
    [`${actions.join(", ")} on ${pattern}`, ...(unlike === undefined ? [] : [unlike])].join(", "),
  );
  const words: Readonly<Record<string, string>> = {
    public: `${document.name} lets in anyone`,
    foreignAccount: `${document.name} lets in ${who}, which is not in the settings`,
    excess: `${who} is permitted more than its intents need`,
  };
  return {
    kind,
    says: words[kind] ?? words["excess"] ?? "",
    why,
    places: [placeOf(document, index, statement)],
  };
}
