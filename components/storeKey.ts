/** A customer managed key for a store: symmetric, rotated, with an alias. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dataOptions } from "./dataOptions";

export interface StoreKeyArgs {
  /** What the key is for. */
  description: string;
  /** The key policy, as JSON. */
  policy: pulumi.Input<string>;
  /** Days, 7 to 30, between the key's deletion being asked for and done. */
  deletionWindowDays?: pulumi.Input<number>;
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
      enableKeyRotation: true,
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
