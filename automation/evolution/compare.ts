/**
 * What has to become of a deployed feature group's schema: features are added in place, and nothing else can be.
 * Source: SageMaker API Reference, UpdateFeatureGroup.
 */
import { featureDefinition } from "../../components/featureGroupFormat";
import type { FeatureGroupSettings, FeatureSettings } from "../../components/settings";
import { ExitCode, UserError } from "../errors";

/** A feature as the resource has it. */
export interface Definition {
  readonly featureName: string;
  readonly featureType: string;
  readonly collectionType?: string;
  readonly collectionConfig?: { readonly vectorConfig?: { readonly dimension?: number } };
}

export interface SchemaChange {
  /** Name of the feature group. */
  readonly group: string;
  /** In the order of the settings. */
  readonly added: readonly FeatureSettings[];
  /** Features that the group has and the settings do not name. */
  readonly removed: readonly string[];
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

/** @param deployed in any order; undefined where nothing of it is known */
export function compareSchema(
  group: FeatureGroupSettings,
  deployed: readonly Definition[] | undefined,
): SchemaChange {
  const has = new Map(deployed?.map((each) => [each.featureName, typeOf(each)]));
  const wanted = new Set(group.features.map(({ name }) => name));
  return {
    group: group.name,
    added: deployed ? group.features.filter(({ name }) => !has.has(name)) : [],
    removed: [...has.keys()].filter((name) => !wanted.has(name)),
    retyped: group.features.flatMap((feature) => {
      const [from, to] = [has.get(feature.name), typeOf(featureDefinition(feature) as Definition)];
      return from === undefined || from === to ? [] : [{ name: feature.name, from, to }];
    }),
  };
}

/** "Integral", "List of String", "Vector of 8 Fractional". */
function typeOf({ featureType, collectionType, collectionConfig }: Definition): string {
  const dimension = collectionConfig?.vectorConfig?.dimension;
  if (!collectionType) return featureType;
  return `${collectionType} of ${dimension ? `${dimension} ` : ""}${featureType}`;
}

/** Features in batches of what one UpdateFeatureGroup takes. */
export function batches<T>(all: readonly T[], size = 100): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

/** @throws UserError (schema) for what AWS cannot do to a feature group, with what to do instead */
export function refuseLoss(changes: readonly SchemaChange[], env: string): void {
  const lost = changes.filter(({ removed, retyped }) => removed.length + retyped.length > 0);
  const [first] = lost;
  if (!first) return;
  throw new UserError(
    ExitCode.schema,
    lost.flatMap(lossLines).join("\n"),
    [
      "A feature of a feature group can be neither removed nor retyped, and replacing the group would lose its records.",
      "Put the features back as they are (what AWS has and the settings do not, add to the settings), or make a new version beside it:",
      `npm run evolve -- --env ${env} --group ${first.group} --new-version`,
    ].join("\n"),
  );
}

function lossLines({ group, removed, retyped }: SchemaChange): string[] {
  return [
    ...removed.map(
      (name) => `feature group ${group} has the feature ${name}, which the settings do not name`,
    ),
    ...retyped.map(
      ({ name, from, to }) =>
        `feature group ${group}: the feature ${name} is ${from}, and the settings say ${to}`,
    ),
  ];
}

/** "adds vip, tier to feature group customers". */
export function additionLine({ group, added }: SchemaChange): string {
  const names = added.map(({ name }) => name);
  const shown =
    names.length > 8 ? `${names.slice(0, 8).join(", ")} and ${names.length - 8} more` : names.join(", ");
  return `adds ${shown} to feature group ${group}, in place`;
}
