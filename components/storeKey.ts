/** A customer managed key for a store: symmetric, rotated, with an alias; and which key a store uses. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dataOptions } from "./dataOptions";
import { givenKey, isOneKey, makesKey, type KeySettings } from "./settings";

export interface StoreKeyArgs {
  /** What the key is for. */
  description: string;
  /** The key policy, as JSON. */
  policy: pulumi.Input<string>;
  /** Days, 7 to 30, between the key's deletion being asked for and done. */
  deletionWindowDays?: pulumi.Input<number>;
  /** AWS makes new key material once a year. */
  enableRotation: boolean;
  /** A multi-Region primary, which can be replicated into other Regions. */
  multiRegion: boolean;
  /** Protects the key and keeps it when it leaves the program. */
  protectData: boolean;
}

/**
 * Makes `NAME-key` and its alias `alias/PROJECT/STACK/NAME`.
 * @param parent the component that the two belong to
 */
export function createStoreKey(name: string, args: StoreKeyArgs, parent: pulumi.Resource): aws.kms.Key {
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      description: args.description,
      enableKeyRotation: args.enableRotation,
      // Only where it is asked for: it cannot be changed, and a key that has it not is left as it is.
      ...(args.multiRegion ? { multiRegion: true } : {}),
      deletionWindowInDays: args.deletionWindowDays,
      policy: args.policy,
      // AWS names a key by a number of its own: this tag, unique to stack and key, tells it if a run is cut off.
      tags: { "feature-store-access:key": `${pulumi.getProject()}/${pulumi.getStack()}/${name}-key` },
    },
    { parent, ...dataOptions(args.protectData) },
  );
  const alias = `alias/${pulumi.getProject()}/${pulumi.getStack()}/${name}`.replace(/[^a-zA-Z0-9/_-]/g, "-");
  new aws.kms.Alias(`${name}-alias`, { name: alias, targetKeyId: key.keyId }, { parent });
  return key;
}

/** The ARNs of the keys that a store's two halves use; absent: AWS's own. */
export interface StoreKeys {
  readonly online?: pulumi.Output<string>;
  readonly offline?: pulumi.Output<string>;
}

/**
 * The keys that the settings choose.
 * @param make makes the store's own key of that half: called for those that are used or kept
 */
export function storeKeys(
  keys: KeySettings,
  make: Readonly<Record<"online" | "offline", () => aws.kms.Key>>,
): StoreKeys {
  const chosen = (half: "online" | "offline") => {
    const made = makesKey(keys, half) ? make[half]() : undefined;
    const arn = givenKey(keys[half]);
    return keys[half] === "own" ? made?.arn : arn === undefined ? undefined : pulumi.output(arn);
  };
  const own = chosen("online");
  const offline = chosen("offline");
  const online = isOneKey(keys) ? offline : own;
  return { ...(online ? { online } : {}), ...(offline ? { offline } : {}) };
}

/**
 * The key of one half of a store as another stage is given it; undefined where the settings choose AWS's own.
 * @throws RunError if the settings choose a key that the stage which makes it has not given yet
 */
export function wiredKey(
  stage: string,
  choice: string,
  given: pulumi.Output<string | undefined> | undefined,
): pulumi.Output<string> | undefined {
  if (choice === "aws") return undefined;
  if (given) return given as pulumi.Output<string>;
  throw new pulumi.RunError(
    `stage ${stage} has not given the key that keys: ${choice} chooses: update it first`,
  );
}
