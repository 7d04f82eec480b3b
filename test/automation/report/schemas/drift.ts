/** The form of what `drift` prints with `--json`: docs/schemas/drift-report.json is made of it. */
import { z } from "zod";
import { accessDiff, resource, shownValue } from "./parts";

const propertyDrift = z.object({
  path: z.string().describe("versioningConfiguration.status, policy.Statement[0].Effect"),
  deployed: shownValue.optional().describe("left out: it was not deployed"),
  actual: shownValue.optional().describe("left out: AWS does not have it"),
});

const stage = z.object({
  stage: z.string(),
  account: z.string(),
  status: z.enum(["inSync", "drifted", "absent", "failed", "skipped"]),
  departed: z.literal(true).optional().describe("the settings name it no more, and it is still deployed"),
  resources: z.array(
    z.object({
      ...resource,
      id: z.string().describe("AWS ID as deployed"),
      kind: z.enum(["changed", "deleted"]),
      properties: z.array(propertyDrift).describe("empty for what is deleted"),
    }),
  ),
  error: z.string().optional(),
  reason: z.string().optional().describe("why it was skipped"),
});

export const driftReportSchema = z
  .object({
    version: z.literal(1).describe("another number: a field went, or means something else"),
    action: z.literal("drift"),
    ok: z.boolean().describe("every stage could be read"),
    drifted: z.boolean(),
    access: accessDiff
      .optional()
      .describe(
        "of the whole graph: what the accounts' own policies allow more or less than the deployed ones",
      ),
    stages: z.array(stage),
  })
  .describe("What drift prints with --json. Further fields may come without a new version.");
