/** The resources of stacks' states in the form of a plan, with symbols for AWS's own names. */
import type { Deployment } from "@pulumi/pulumi/automation";
import type { DescribedResource } from "../../access/model";
import { POLICY_PROPERTIES } from "../../access/unmodelled";
import { symbolicState } from "./symbols";

/** The part of the engine's deployment format (version 3) that is read here. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom?: boolean;
  readonly delete?: boolean;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** @param stage the state's stage */
export function describedIn(stage: string, state: Deployment): DescribedResource[] {
  const { resources = [] } = (state.deployment ?? {}) as { resources?: StateResource[] };
  const providers = new Map(
    resources
      .filter(({ type }) => type === "pulumi:providers:aws")
      .map(({ urn, id = "", inputs = {}, outputs = {} }) => [
        `${urn}::${id}`,
        actingIn({ ...inputs, ...outputs }),
      ]),
  );
  return resources
    .filter(({ custom, type, delete: going }) => custom && !going && type.startsWith("aws:"))
    .map(({ urn, type, id = "", provider = "", inputs = {}, outputs = {} }) => ({
      stage,
      type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      id,
      ...(providers.get(provider) ?? { account: "", region: "", partition: "aws" }),
      outputs: { ...inputs, ...outputs, ...givenOnly(type, inputs) },
    }));
}

function givenOnly(type: string, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries((POLICY_PROPERTIES[type] ?? []).map((key) => [key, inputs[key]]));
}

function actingIn(config: Readonly<Record<string, unknown>>) {
  const { allowedAccountIds: ids = "[]", region = "", assumeRoles: roles = "[]" } = config;
  const [account = ""] = parsed<string[]>(ids);
  const [role] = parsed<{ roleArn?: string }[]>(roles);
  const [, partition = "aws"] = role?.roleArn?.split(":") ?? [];
  return { account, region: String(region), partition };
}

/** Providers' configuration is JSON text in the state. */
function parsed<T>(value: unknown): T {
  return (typeof value === "string" ? JSON.parse(value) : value) as T;
}

/**
 * The resources with AWS's own names, IDs and times replaced by a plan's symbols everywhere, also in ARNs and policies.
 */
export function inSymbols(described: readonly DescribedResource[]): DescribedResource[] {
  const names = described.flatMap(namesOf);
  // Longest first: one name may be part of another.
  const pairs = [...new Map(names).entries()]
    .filter(([real, symbol]) => real.length >= 6 && real !== symbol)
    .sort(([one], [other]) => other.length - one.length);
  if (pairs.length === 0) return [...described];
  const known = new Map(pairs);
  const pattern = new RegExp(
    pairs.map(([real]) => real.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"),
    "g",
  );
  return described.map((each) => {
    const text = JSON.stringify({ id: each.id, outputs: each.outputs });
    const replaced = text.replace(pattern, (real) => known.get(real) ?? real);
    return { ...each, ...(JSON.parse(replaced) as Pick<DescribedResource, "id" | "outputs">) };
  });
}

/** Names that AWS gave the resource, each with the symbol that stands for it. */
function namesOf(each: DescribedResource): [string, string][] {
  const { outputs } = each;
  const text = (key: string) => (typeof outputs[key] === "string" ? outputs[key] : "");
  const symbols = symbolicState({ ...each, inputs: unnamed(each) }).outputs;
  const pair = (key: string): [string, string] => [
    text(key),
    typeof symbols[key] === "string" ? symbols[key] : "",
  ];
  switch (each.type) {
    case "aws:iam/role:Role":
      return [pair("name"), pair("uniqueId")];
    case "aws:iam/policy:Policy":
    case "aws:athena/workgroup:Workgroup":
    case "aws:sns/topic:Topic":
    case "aws:sqs/queue:Queue":
    case "aws:cloudwatch/eventRule:EventRule":
      return [pair("name")];
    case "aws:kms/key:Key":
      return [pair("keyId")];
    case "aws:sagemaker/featureGroup:FeatureGroup":
      return storeNames(outputs);
    default:
      return [];
  }
}

/** A name that Pulumi made up is the logical name with hexadecimal digits; in a plan, it is a symbol. */
function unnamed({ name, outputs }: DescribedResource): Record<string, unknown> {
  const made = outputs["name"];
  const isMadeUp =
    typeof made === "string" &&
    made.startsWith(`${name}-`) &&
    /^[0-9a-f]{7}$/.test(made.slice(name.length + 1));
  return isMadeUp ? { ...outputs, name: undefined } : { ...outputs };
}

/** A group's creation time, in its objects' prefix and its table's name. */
function storeNames(outputs: Readonly<Record<string, unknown>>): [string, string][] {
  const store = outputs["offlineStoreConfig"] as
    | { s3StorageConfig?: { resolvedOutputS3Uri?: string }; dataCatalogConfig?: { tableName?: string } }
    | undefined;
  const folder = /\/offline-store\/([^/]+)\/data$/.exec(
    store?.s3StorageConfig?.resolvedOutputS3Uri ?? "",
  )?.[1];
  const table = store?.dataCatalogConfig?.tableName;
  const timeless = (text: string) => text.replace(/\d{10,}$/, "{epoch}");
  return [folder, table].flatMap((text): [string, string][] =>
    text === undefined ? [] : [[text, timeless(text)]],
  );
}
