/** Settings of profiles: roles with a ready set of permissions on a store's feature groups. */
import { z } from "zod";
import type { GroupScope } from "../policies/groupScope";
import { judged, roleArn, tags } from "../settings/forms";
import { profileNameProblem } from "../settings/names";
import type { ProfileSettings } from "../settings/types";
import { storeNamed } from "../topologies";

const profileSchema = (stores: readonly string[]) =>
  z.strictObject({
    profile: z.enum(
      ["producer", "consumer", "auditor", "administrator"],
      "a profile is producer, consumer, auditor or administrator",
    ),
    store: z.enum(stores, `a store is ${stores.join(" or ")}`),
    account: z.enum(["A", "B"], "an account is A or B").optional(),
    trustedRoleArns: z.array(roleArn).min(1, "name at least one role that may assume the profile's"),
    featureGroups: z.array(z.string()).min(1, "name at least one feature group").optional(),
    tags: tags.refine((all) => Object.keys(all).length > 0, "name at least one tag").optional(),
    principalTags: z
      .array(
        judged((key) =>
          /^[\w.:/=+@-]{1,128}$/.test(key) && !key.toLowerCase().startsWith("aws:")
            ? undefined
            : `"${key}" is not a tag's key: 1 to 128 letters, digits and _.:/=+@-, not beginning with aws:`,
        ),
      )
      .min(1, "name at least one tag's key")
      .optional(),
  });

/** @param stores the settings of the stores that a profile may be for */
export const profilesSchema = (stores: readonly string[]) =>
  z.record(judged(profileNameProblem), profileSchema(stores));

export type RawProfile = z.infer<ReturnType<typeof profileSchema>>;

export function profileSettings(name: string, raw: RawProfile): ProfileSettings {
  const { profile, store, trustedRoleArns } = raw;
  return { name, profile, store, account: accountOfProfile(raw), trustedRoleArns, scope: scopeOf(raw) };
}

/** The feature groups' account, unless the profile names another. */
export function accountOfProfile({ store, account }: RawProfile): "A" | "B" {
  return account ?? storeNamed(store).account;
}

/** The rules ensure that there is exactly one. */
function scopeOf({ featureGroups, tags: byTags, principalTags }: RawProfile): GroupScope {
  if (featureGroups) return { kind: "names", names: featureGroups };
  if (byTags) return { kind: "tags", tags: byTags };
  return { kind: "principalTags", keys: principalTags ?? [] };
}
