/** The form of the settings file, with that of each topology. Rules between values are in the files named `*Rules.ts`. */
import { z } from "zod";
import { profilesSchema } from "../profiles/settings";
import { STORES, TOPOLOGIES, type TopologyShape } from "../topologies";
import type { NamedAccount } from "../topology";
import { accountsShape, sharedShape, type RawAccount } from "./sharedSchema";

const { monitoring, ...shared } = sharedShape;

/** Every key of the project's configuration, as in the typed `config:` block of Pulumi.yaml. */
export const settingsSchema = z.strictObject({
  ...accountsShape,
  // The list's type includes each topology's own keys.
  ...(Object.assign({}, ...TOPOLOGIES.map(({ shape }) => shape)) as TopologyShape),
  profiles: profilesSchema(STORES.map(({ setting }) => setting)).default({}),
  monitoring,
  ...shared,
});

export type RawSettings = z.infer<typeof settingsSchema>;

/** The stores in the settings, with the account of their feature groups if the settings name it. */
export function rawStores(settings: RawSettings) {
  return STORES.flatMap((facts) => {
    const store = facts.raw(settings);
    const account: RawAccount | undefined = settings[`account${facts.account}`];
    return store ? [{ facts, setting: facts.setting, store, account }] : [];
  });
}

/** The accounts that topologies name besides A and B. */
export function namedAccounts(settings: RawSettings): NamedAccount[] {
  return TOPOLOGIES.flatMap(({ accounts }) => accounts?.(settings) ?? []);
}
