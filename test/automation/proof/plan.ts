/** The dev environment's access as planned, whole or with something changed. */
import { join } from "node:path";
import type { DescribedResource } from "../../../access/model";
import { modelOf } from "../../../access/modelOf";
import { prove, type Proof } from "../../../access/prove";
import type { PolicyDocument, PolicyStatement } from "@feature-store-access/iam";
import { intentsOf } from "../../../automation/proof/facts";
import { plannedResources } from "../../../automation/proof/planned";
import { usedRoles } from "../../../automation/topologies";
import { QUOTAS } from "../../../components/policies/quotas";
import { parseSettings, type Settings } from "../../../components/settings";
import { devSettings } from "../../components/support";

const ROOT = join(__dirname, "..", "..", "..");

export interface Plan {
  readonly settings: Settings;
  readonly described: readonly DescribedResource[];
}

type Raw = Record<string, any>;

/** @param change of the raw settings of `Pulumi.dev.yaml` */
export async function planned(change: (raw: Raw) => unknown = () => undefined): Promise<Plan> {
  const raw: Raw = devSettings();
  change(raw);
  const settings = parseSettings(raw);
  return { settings, described: await plannedResources(settings, ROOT) };
}

export function proofOf({ settings, described }: Plan): Promise<Proof> {
  const model = modelOf(described, usedRoles(settings));
  const accounts = Object.values(settings.accounts).map(({ id }) => id);
  return prove({ model, intents: intentsOf(settings, model), accounts, quotas: QUOTAS });
}

/** The plan with as many consumers as one of it: copies of its resources, as planning them all takes a while. */
export function multiplied({ settings, described }: Plan, name: string, count: number): Plan {
  const names = Array.from({ length: count }, (_, at) => `team-${at}`);
  const copy = <T>(value: T, as: string): T => JSON.parse(JSON.stringify(value).replaceAll(name, as)) as T;
  const one = settings.consumers.filter((consumer) => consumer.name === name);
  const its = described.filter(({ stage }) => stage.endsWith(`:${name}`));
  return {
    settings: { ...settings, consumers: names.flatMap((as) => copy(one, as)) },
    described: [
      ...described.filter(({ stage }) => !stage.includes(":")),
      ...names.flatMap((as) => copy(its, as)),
    ],
  };
}

export type Change = (described: DescribedResource[]) => void;

/** The plan with a change in a copy of its resources. */
export function changed(plan: Plan, change: Change): Plan {
  const described = structuredClone(plan.described) as DescribedResource[];
  change(described);
  return { ...plan, described };
}

/** Properties of the resource with that logical name. */
export function outputsOf(
  described: readonly DescribedResource[],
  name: string,
  type = "",
): Record<string, unknown> {
  const found = described.find((each) => each.name === name && each.type.includes(type));
  if (!found) throw new Error(`there is no resource ${name}`);
  return found.outputs;
}

type Editable = { -readonly [K in keyof PolicyStatement]: any };

/** Edits one statement of a document: by its Sid, or what it begins with. */
export function statement(
  name: string,
  sid: string,
  edit: (statement: Editable) => void,
  property = "policy",
): Change {
  return document(
    name,
    (statements) => {
      const found = statements.find(({ Sid = "" }) => (Sid as string).startsWith(sid));
      if (!found) throw new Error(`${name} has no statement ${sid}`);
      edit(found);
    },
    property,
  );
}

export function document(name: string, edit: (statements: Editable[]) => void, property = "policy"): Change {
  return (described) => {
    const outputs = outputsOf(described, name, property === "assumeRolePolicy" ? "role:" : "");
    const parsed = JSON.parse(String(outputs[property])) as PolicyDocument;
    const statements = parsed.Statement as Editable[];
    edit(statements);
    outputs[property] = JSON.stringify(parsed);
  };
}
