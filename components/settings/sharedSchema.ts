/** The form of the settings that all topologies share, except profiles, which name a topology's store. */
import { z } from "zod";
import { externalId, judged, roleArn, tags } from "./forms";
import { monitoringSchema } from "../monitoring/settings";

const accountId = judged((id) =>
  /^\d{12}$/.test(id)
    ? undefined
    : `"${id}" is not an account ID: 12 digits, in quotes so that YAML keeps it a string`,
);
const region = judged((name) =>
  /^[a-z]{2}(-[a-z]+)+-\d$/.test(name) ? undefined : `"${name}" is not a region such as us-east-1`,
);
/** An account, and how to deploy into it. */
export const accountSchema = z.strictObject({
  id: accountId,
  region,
  /** The role of the account that deployments assume. */
  deployerRoleArn: roleArn,
  externalId: externalId.optional(),
});

export const accountsShape = { accountA: accountSchema.optional(), accountB: accountSchema };

export const sharedShape = {
  /** Left out: nothing is watched. */
  monitoring: monitoringSchema.optional(),
  policyMode: z
    .enum(["leastPrivilege", "documented"], "leastPrivilege or documented")
    .default("leastPrivilege"),
  /** Protects and retains resources that hold data: buckets, keys, feature groups. */
  protectData: z.boolean().default(true),
  /** `trustDeployer` lets deployers assume the writer role and the execution roles, so that `verify` can try what those may do. */
  verification: z
    .strictObject({ trustDeployer: z.boolean().default(false) })
    .default({ trustDeployer: false }),
  /** Every resource has these. */
  tags: tags.default({}),
};

export type RawShared = z.infer<z.ZodObject<typeof accountsShape & typeof sharedShape>>;
export type RawAccount = z.infer<typeof accountSchema>;
