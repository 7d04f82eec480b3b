/** The keys of a store: customer managed keys, symmetric and rotated, each with an alias; and the key that each half uses. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dataOptions } from "./dataOptions";
import { chosenKeys, makesKey, type StoreHalf } from "./settings/keySettings";
import type { AccountSettings, PolicyMode, StoreSettings } from "./settings/types";
import { onlineKeyPolicyOf } from "./storeFacts";

export interface StoreKeysArgs {
  store: StoreSettings;
  /** The account of the feature groups, which owns the keys. */
  place: AccountSettings;
  policyMode: PolicyMode;
  /** Protects the keys and keeps them when they leave the program. */
  protectData: boolean;
  /** Logical names of the store's own keys. */
  names: Readonly<Record<StoreHalf, string>>;
  /** The policy of the offline store's own key, as JSON. */
  offlinePolicy: pulumi.Input<string>;
}

/**
 * Makes the store's own keys that the settings use or keep.
 * @param parent the component that they belong to
 * @returns the ARNs of the keys that the store's two halves use; left out: AWS's own
 */
export function createStoreKeys(args: StoreKeysArgs, parent: pulumi.Resource) {
  const { store, place, policyMode, names, offlinePolicy } = args;
  const make = (half: StoreHalf, policy: pulumi.Input<string>) =>
    makesKey(store.keys, half) ? createKey(half, names[half], policy, args, parent).arn : undefined;
  const made = {
    online: make("online", JSON.stringify(onlineKeyPolicyOf(store, place, policyMode))),
    offline: make("offline", offlinePolicy),
  };
  return chosenKeys<pulumi.Output<string> | undefined>(
    store.keys,
    (half) => made[half],
    (arn) => pulumi.output(arn),
  );
}

/** Makes `NAME-key` and its alias `alias/PROJECT/STACK/NAME`. */
function createKey(
  half: StoreHalf,
  name: string,
  policy: pulumi.Input<string>,
  { store, protectData }: StoreKeysArgs,
  parent: pulumi.Resource,
): aws.kms.Key {
  const { enableRotation, multiRegion } = store.keys;
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      description: `${half === "online" ? "Online" : "Offline"} store of Amazon SageMaker Feature Store`,
      enableKeyRotation: enableRotation,
      // Set only if asked for: it cannot be changed, and a key without it stays without it.
      ...(multiRegion ? { multiRegion: true } : {}),
      deletionWindowInDays: store.keyDeletionWindowDays,
      policy,
      // AWS names a key by a number of its own: this tag, unique to stack and key, identifies the key if a run is cut off.
      tags: { "feature-store-access:key": `${pulumi.getProject()}/${pulumi.getStack()}/${name}-key` },
    },
    { parent, ...dataOptions(protectData) },
  );
  const alias = `alias/${pulumi.getProject()}/${pulumi.getStack()}/${name}`.replace(/[^a-zA-Z0-9/_-]/g, "-");
  new aws.kms.Alias(`${name}-alias`, { name: alias, targetKeyId: key.keyId }, { parent });
  return key;
}

/**
 * The key of one half of a store, as another stage reads it; undefined if the settings choose AWS's own.
 * @throws RunError if the settings choose a key that its stage has not given yet
 */
export function wiredKey(
  stage: string,
  choice: string,
  given: pulumi.Output<string | undefined> | undefined,
): pulumi.Output<string> | undefined {
  if (choice === "aws") return undefined;
  if (given) return given as pulumi.Output<string>;
  throw new pulumi.RunError(
    `stage ${stage} has not made the key that keys: ${choice} asks for: update it first`,
  );
}
