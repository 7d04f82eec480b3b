/** The data of the access page. All texts are in one list, and numbers are indexes into it. */
import { bounds } from "../../../access/bound";
import { placeWords } from "../../../access/findings";
import { questionsOf, type ProvenIntent } from "../../../access/proveIntents";
import { permissionLines } from "../proofReport";
import type { AccessProof } from "../../proof/proveAccess";
import { findingLines } from "../../proof/findingLines";

export interface PageData {
  readonly env: string;
  readonly subject: string;
  readonly counts: { readonly intents: number; readonly requests: number; readonly roles: number };
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly actors: readonly PageActor[];
  readonly resources: readonly PageResource[];
  /** Actor, resource, reach, and numbers of texts: actions, scopes, conditions, places. */
  readonly cells: readonly (readonly [number, number, string, number[], number[], number[], number[]])[];
  readonly intents: readonly PageIntent[];
  readonly findings: readonly {
    readonly kind: string;
    readonly warning: boolean;
    readonly lines: readonly string[];
  }[];
  readonly diff?: {
    readonly against: string;
    readonly gained: readonly string[];
    readonly lost: readonly string[];
    readonly kept: number;
    readonly unexplained: readonly string[];
  };
  readonly texts: readonly string[];
}

export interface PageActor {
  readonly name: string;
  /** 12 digits; empty for services and anyone. */
  readonly account: string;
  /** True for a role that the graph makes. */
  readonly made: boolean;
}

export interface PageResource {
  readonly name: string;
  readonly kind: string;
  readonly account: string;
  readonly arn: string;
}

export interface PageIntent {
  readonly id: string;
  readonly actor: string;
  readonly says: string;
  readonly expect: "allowed" | "denied";
  readonly holds: boolean;
  readonly setting?: string;
  /** Numbers of texts: the actions, and the statements that decide them or what is wrong. */
  readonly actions: readonly number[];
  readonly why: readonly number[];
}

class Texts {
  readonly all: string[] = [];
  private readonly known = new Map<string, number>();

  number(text: string): number {
    let at = this.known.get(text);
    if (at === undefined) {
      this.known.set(text, (at = this.all.length));
      this.all.push(text);
    }
    return at;
  }

  numbers(texts: Iterable<string>): number[] {
    return [...new Set(texts)].map((text) => this.number(text));
  }
}

export function pageData({ env, subject, side, proof, errors, warnings, diff }: AccessProof): PageData {
  const { model, intents, counts } = proof;
  const texts = new Texts();
  const resources = model.resources.map(({ label, kind, account, arn }) => ({
    name: label,
    kind,
    account,
    arn,
  }));
  const actors = new Map<string, number>();
  const roles = new Map(model.roles.map((role) => [role.label, role]));
  const actorNumber = (name: string) => {
    if (!actors.has(name)) actors.set(name, actors.size);
    return actors.get(name) ?? 0;
  };
  const cells = bounds(model, proof.catalog).flatMap(({ holders }, at) =>
    holders.map(({ who, reach, actions, scopes, conditions, places }) => {
      const where = places.map(placeWords);
      return [
        actorNumber(who),
        at,
        reach,
        texts.numbers(actions),
        texts.numbers(scopes),
        texts.numbers(conditions),
        texts.numbers(where),
      ] as const;
    }),
  );
  return {
    env,
    subject,
    counts: { intents: intents.length, requests: counts.asked, roles: model.roles.length },
    accounts: Object.entries(side.settings.accounts).map(([name, { id }]) => ({ id, name })),
    actors: [...actors.keys()].map((name) => ({
      name,
      account: roles.get(name)?.account ?? /\b(\d{12})\b/.exec(name)?.[1] ?? "",
      made: roles.get(name)?.made ?? false,
    })),
    resources,
    cells,
    intents: intents.map((proven) => pageIntent(proven, proof, texts)),
    findings: [
      ...errors.map((finding) => ({ kind: finding.kind, warning: false, lines: findingLines(finding) })),
      ...warnings.map((finding) => ({ kind: finding.kind, warning: true, lines: findingLines(finding) })),
    ],
    ...(diff
      ? {
          diff: {
            against: diff.against,
            gained: diff.gained.map(({ says }) => says),
            lost: diff.lost.map(({ says }) => says),
            kept: diff.kept,
            unexplained: permissionLines(diff.grantsGained.filter(({ explained }) => !explained)),
          },
        }
      : {}),
    texts: texts.all,
  };
}

function pageIntent(
  { intent, holds, against }: ProvenIntent,
  { questions, catalog }: AccessProof["proof"],
  texts: Texts,
): PageIntent {
  const { id, actor, says, expect, setting, steps } = intent;
  const asked = steps.flatMap((step) => questionsOf(step, catalog));
  // An intent that holds shows the statements that decide it: permissions, or denials if any.
  const deciding = holds
    ? asked.flatMap((question) =>
        questions
          .answer(question)
          .statements.flatMap(({ document, index, statement }) =>
            document ? [`${document.name}, ${statement?.Sid ?? `statement ${index + 1}`}`] : [],
          ),
      )
    : against.flatMap(({ line, sides }) => [line, ...sides]);
  return {
    id,
    actor,
    says,
    expect,
    holds,
    actions: texts.numbers(asked.map(({ action }) => action)),
    why: texts.numbers(deciding),
    ...(setting === undefined ? {} : { setting }),
  };
}
