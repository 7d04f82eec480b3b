/** The form of `profiles`: roles with a ready set of permissions on a store's feature groups. */
import { z } from "zod";
import { judged, roleArn, tags } from "./forms";
import { profileNameFault } from "./names";

const profileSchema = z.strictObject({
  profile: z.enum(
    ["producer", "consumer", "auditor", "administrator"],
    "a profile is producer, consumer, auditor or administrator",
  ),
  store: z.enum(["offlineStore", "centralStore"], "a store is offlineStore or centralStore"),
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

export const profilesSchema = z.record(judged(profileNameFault), profileSchema);
