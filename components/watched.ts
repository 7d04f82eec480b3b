/** The things that monitoring can watch: each with its ARN, and a stand-in of the same length. */
import * as pulumi from "@pulumi/pulumi";
import type { FeatureGroupContract } from "./contract";
import { existingKeyArn, isOneKey, type KeySettings } from "./settings/keySettings";
import type { AccountSettings } from "./settings/types";
import { keyArn, roleArn } from "./standIns";

export interface WatchedThing {
  readonly kind: "key" | "bucket" | "role" | "featureGroup";
  /** Of a feature group only. */
  readonly name?: string;
  /** A stand-in as long as the ARN. */
  readonly planned: string;
  readonly actual: pulumi.Output<string>;
}

/** The keys of a store. If both halves use one key, it is listed once; AWS's own key cannot be changed, so it is not watched. */
export function watchedKeys(
  place: AccountSettings,
  keys: KeySettings,
  given: { readonly [Half in "online" | "offline"]?: pulumi.Output<string | undefined> | undefined },
): WatchedThing[] {
  const key = (half: "online" | "offline"): WatchedThing[] => {
    const actual = given[half] as pulumi.Output<string> | undefined;
    if (keys[half] === "aws" || !actual) return [];
    return [{ kind: "key", planned: existingKeyArn(keys[half]) ?? keyArn(place), actual }];
  };
  return [...(isOneKey(keys) ? [] : key("online")), ...key("offline")];
}

/** @param name logical name, or the ARN of an existing role */
export function watchedRole(
  place: AccountSettings,
  name: string,
  actual: pulumi.Output<string>,
): WatchedThing {
  return { kind: "role", planned: name.startsWith("arn:") ? name : roleArn(place, name), actual };
}

export function watchedBucket(
  { partition }: AccountSettings,
  name: string,
  actual: pulumi.Output<string>,
): WatchedThing {
  return { kind: "bucket", planned: `arn:${partition}:s3:::${name}`, actual };
}

export function watchedGroups(
  { partition, region, id }: AccountSettings,
  known: readonly { readonly name: string }[],
  made: pulumi.Output<Readonly<Record<string, FeatureGroupContract>>>,
): WatchedThing[] {
  return known.map(({ name }) => ({
    kind: "featureGroup",
    name,
    planned: `arn:${partition}:sagemaker:${region}:${id}:feature-group/${name}`,
    actual: made.apply((all) => {
      const group = Object.hasOwn(all, name) ? all[name] : undefined;
      if (group) return group.arn;
      throw new pulumi.RunError(
        `feature group ${name}, which monitoring is to watch, does not exist yet: update its stage first`,
      );
    }),
  }));
}
