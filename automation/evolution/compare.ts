/**
 * The change of a deployed feature group that the settings ask for. In place, AWS can only add features and change time to live and
 * throughput. Source: Amazon SageMaker API Reference, "UpdateFeatureGroup",
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureGroup.html
 */
import { featureDefinition } from "../../components/featureGroupFormat";
import type { FeatureGroupSettings } from "../../components/settings";
import { ExitCode, UserError } from "../model/errors";
import type { Identity, SchemaChange, Throughput, Ttl } from "../model/schemaChange";

/** A feature as in the resource's properties. */
export interface Definition {
  readonly featureName: string;
  readonly featureType: string;
  readonly collectionType?: string;
  readonly collectionConfig?: { readonly vectorConfig?: { readonly dimension?: number } };
}

/** A deployed group, from its state or from AWS. */
export interface DeployedGroup {
  readonly definitions: readonly Definition[];
  readonly recordIdentifier?: string | undefined;
  readonly eventTime?: string | undefined;
  readonly ttl?: Ttl | undefined;
  readonly throughput?: Throughput | undefined;
}

const ON_DEMAND: Throughput = { mode: "OnDemand" };

/** @param deployed features in any order; undefined if unknown */
export function compareSchema(
  group: FeatureGroupSettings,
  deployed: DeployedGroup | undefined,
): SchemaChange {
  if (!deployed) return { group: group.name, added: [], removed: [], retyped: [] };
  const has = new Map(deployed.definitions.map((each) => [each.featureName, typeOf(each)]));
  const wanted = new Set(group.features.map(({ name }) => name));
  const identity = (["recordIdentifier", "eventTime"] as const).flatMap((setting) => {
    const [from, to] = [deployed[setting], group[setting]];
    return from === undefined || from === to ? [] : [{ setting, from, to }];
  });
  return {
    group: group.name,
    added: group.features.filter(({ name }) => !has.has(name)),
    removed: [...has.keys()].filter((name) => !wanted.has(name)),
    retyped: group.features.flatMap((feature) => {
      const [from, to] = [has.get(feature.name), typeOf(featureDefinition(feature) as Definition)];
      return from === undefined || from === to ? [] : [{ name: feature.name, from, to }];
    }),
    ...(identity.length > 0 ? { identity } : {}),
    ...ttlChange(deployed.ttl, group.ttl),
    ...throughputChange(deployed.throughput ?? ON_DEMAND, group.throughput ?? ON_DEMAND),
  };
}

function ttlChange(from: Ttl | undefined, to: Ttl | undefined): Pick<SchemaChange, "ttl"> {
  if (from?.unit === to?.unit && from?.value === to?.value) return {};
  return { ttl: { ...(from ? { from } : {}), ...(to ? { to } : {}) } };
}

function throughputChange(from: Throughput, to: Throughput): Pick<SchemaChange, "throughput"> {
  return throughputText(from) === throughputText(to) ? {} : { throughput: { from, to } };
}

/** True if there is anything to do, or to refuse. */
export function isChange({ added, removed, retyped, identity, ttl, throughput }: SchemaChange): boolean {
  return added.length + removed.length + retyped.length > 0 || [identity, ttl, throughput].some(Boolean);
}

/** "Integral", "List of String", "Vector of 8 Fractional". */
function typeOf({ featureType, collectionType, collectionConfig }: Definition): string {
  const dimension = collectionConfig?.vectorConfig?.dimension;
  if (!collectionType) return featureType;
  return `${collectionType} of ${dimension ? `${dimension} ` : ""}${featureType}`;
}

/** Splits features into batches, one for each UpdateFeatureGroup. */
export function batches<T>(all: readonly T[], size = 100): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

/** @throws UserError (schema) for changes that AWS cannot make, with advice on a new version */
export function refuseLoss(changes: readonly SchemaChange[], env: string): void {
  const lost = changes.filter(
    ({ removed, retyped, identity = [] }) => removed.length + retyped.length + identity.length > 0,
  );
  const [first] = lost;
  if (!first) return;
  const replaceable = lost.filter(({ identity, ...rest }) => identity && !featuresLost(rest));
  throw new UserError(
    ExitCode.schema,
    lost.flatMap(lossLines).join("\n"),
    [
      ...(lost.some(featuresLost)
        ? [
            "A feature of a feature group can be neither removed nor retyped, and replacing the group would lose its records.",
          ]
        : []),
      ...(lost.some(({ identity }) => identity)
        ? [
            "A feature group keeps its record identifier and event time for life, and replacing it would lose its records.",
          ]
        : []),
      "Undo them (add to the settings what only AWS has), or create a new version beside the group:",
      `npm run evolve -- --env ${env} --group ${first.group} --new-version`,
      ...(replaceable.length > 0
        ? [
            `To replace the group and lose its records: ${replaceable.map(({ group }) => `--allow-replace ${group}`).join(" ")}`,
          ]
        : []),
    ].join("\n"),
  );
}

function featuresLost({ removed, retyped }: Pick<SchemaChange, "removed" | "retyped">): boolean {
  return removed.length + retyped.length > 0;
}

const IDENTITY: Readonly<Record<Identity, string>> = {
  recordIdentifier: "record identifier",
  eventTime: "event time",
};

function lossLines({ group, removed, retyped, identity = [] }: SchemaChange): string[] {
  return [
    ...removed.map(
      (name) => `feature group ${group} has the feature ${name}, which the settings do not name`,
    ),
    ...retyped.map(
      ({ name, from, to }) =>
        `feature group ${group}: the feature ${name} is ${from}, and the settings say ${to}`,
    ),
    ...identity.map(
      ({ setting, from, to }) =>
        `feature group ${group}: the ${IDENTITY[setting]} is ${from}, and the settings say ${to}`,
    ),
  ];
}

/** The changes in place, one line each: "adds vip, tier to feature group customers, in place". */
export function changeLines({ group, added, ttl, throughput }: SchemaChange): string[] {
  const names = added.map(({ name }) => name);
  const shown =
    names.length > 8 ? `${names.slice(0, 8).join(", ")} and ${names.length - 8} more` : names.join(", ");
  return [
    ...(names.length > 0 ? [`adds ${shown} to feature group ${group}, in place`] : []),
    ...(ttl
      ? [
          ttl.to
            ? `sets the time to live of feature group ${group} to ${ttl.to.value} ${ttl.to.unit}, in place`
            : `removes the time to live of feature group ${group}, in place`,
        ]
      : []),
    ...(throughput
      ? [`sets the throughput of feature group ${group} to ${throughputText(throughput.to)}, in place`]
      : []),
  ];
}

/** "OnDemand", "Provisioned (10 reads, 5 writes a second)". */
function throughputText({ mode, readCapacityUnits, writeCapacityUnits }: Throughput): string {
  if (mode === "OnDemand") return mode;
  return `${mode} (${readCapacityUnits ?? 0} reads, ${writeCapacityUnits ?? 0} writes a second)`;
}
