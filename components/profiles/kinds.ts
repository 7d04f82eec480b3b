/** The stages of profiles: their kind and contract. */
import { z } from "zod";
import { arn } from "../contract";
import { refTo } from "../stage";

const profiles = z.object({
  /** By profile: ARN and unique ID of its role. */
  profiles: z.record(z.string(), z.object({ roleArn: arn, roleId: z.string() })),
});
export type ProfilesContract = z.infer<typeof profiles>;

export const kinds = { profiles: { contract: profiles, per: "account" } } as const;

export const ref = refTo(kinds);
