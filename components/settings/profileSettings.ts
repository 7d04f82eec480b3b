/** A profile's settings with their defaults. */
import { storeNamed } from "../topologies";
import type { RawSettings } from "./schema";
import type { GroupScope, ProfileSettings } from "./types";

type RawProfile = RawSettings["profiles"][string];

export function profileSettings(name: string, raw: RawProfile): ProfileSettings {
  const { profile, store, trustedRoleArns } = raw;
  return { name, profile, store, account: profileAccount(raw), trustedRoleArns, scope: scopeOf(raw) };
}

/** The feature groups' account, unless another is named. */
export function profileAccount({ store, account }: RawProfile): "A" | "B" {
  return account ?? storeNamed(store).account;
}

/** The rules have seen to it that there is exactly one. */
function scopeOf({ featureGroups, tags, principalTags }: RawProfile): GroupScope {
  if (featureGroups) return { kind: "names", names: featureGroups };
  if (tags) return { kind: "tags", tags };
  return { kind: "principalTags", keys: principalTags ?? [] };
}
