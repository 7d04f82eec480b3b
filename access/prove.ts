/** The proof: intended accesses work, accesses that must be refused are refused, and no policy permits more. */
import { ActionCatalog } from "@feature-store-access/iam";
import { Questions } from "./ask";
import { beyond } from "./beyond";
import { Ceilings } from "./ceiling";
import type { Finding } from "./findings";
import { list } from "./lists";
import type { Intent } from "./intents/types";
import { lint } from "./lint";
import type { Quotas } from "./lint/documents";
import type { AccessModel } from "./model";
import { proveIntents, type ProvenIntent } from "./proveIntents";

export interface Proof {
  readonly model: AccessModel;
  readonly intents: readonly ProvenIntent[];
  readonly findings: readonly Finding[];
  readonly counts: {
    /** Requests that intents ask for, and those that had to be decided: equal ones are decided once. */
    readonly asked: number;
    readonly decided: number;
  };
  readonly questions: Questions;
  readonly catalog: ActionCatalog;
  readonly ceilings: Ceilings;
}

export interface ProofSubject {
  readonly model: AccessModel;
  readonly intents: readonly Intent[];
  /** 12 digits each: the accounts of the settings. */
  readonly accounts: readonly string[];
  readonly quotas: Quotas;
}

export async function prove({ model, intents, accounts, quotas }: ProofSubject): Promise<Proof> {
  const catalog = await ActionCatalog.of(servicesOf(model, intents));
  const questions = new Questions(model);
  const proven = proveIntents(questions, catalog, intents);
  const ceilings = new Ceilings(intents, catalog);
  const findings: Finding[] = [
    ...model.unmodelled.map(({ resource, problem, code }): Finding => {
      const places = [{ document: resource, ...(code === undefined ? {} : { code }) }];
      return { kind: "unknown", says: `${resource} ${problem}`, why: [], places };
    }),
    ...proven.filter(({ holds }) => !holds).map(findingOf),
    ...lint(model, catalog, quotas),
    ...beyond(model, { catalog, ceilings, accounts: new Set(accounts) }),
  ];
  const { asked, decided } = questions;
  return { model, intents: proven, findings, counts: { asked, decided }, questions, catalog, ceilings };
}

function findingOf({ intent, against }: ProvenIntent): Finding {
  const { actor, says, expect, setting } = intent;
  const broken = expect === "allowed";
  return {
    kind: broken ? "broken" : "open",
    says: `${actor} ${says}: ${broken ? "this does not work" : "but it is allowed"}`,
    why: against.flatMap(({ line, sides }) => [line, ...sides.map((side) => `  ${side}`)]),
    places: [...(setting === undefined ? [] : [{ setting }]), ...against.flatMap(({ places }) => places)],
  };
}

/** The services whose actions the policies and intents name, and those of the graph's resources. */
function servicesOf(model: AccessModel, intents: readonly Intent[]): Set<string> {
  const services = new Set(["s3", "kms", "sts", "iam", "sagemaker", "athena", "glue"]);
  const documents = [
    ...model.roles.flatMap(({ identity }) => identity),
    ...model.resources.flatMap(({ policy }) => (policy ? [policy] : [])),
  ];
  for (const { document } of documents)
    for (const { Action = [] } of list(document.Statement))
      for (const action of list(Action)) services.add(action.split(":")[0]?.toLowerCase() ?? "");
  for (const { steps } of intents) for (const { action } of steps) services.add(action.split(":")[0] ?? "");
  return services;
}
