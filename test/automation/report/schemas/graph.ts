/** The form of what `preview`, `up` and `destroy` print with `--json`: docs/schemas/graph-report.json is made of it. */
import { z } from "zod";
import { accessDiff, place, resource, shownValue } from "./parts";

const resourceChange = z.object({
  op: z.string().describe("the engine's operation: create, update, replace, delete, ..."),
  ...resource,
  properties: z.array(z.string()).describe("paths of the properties that differ"),
  replaces: z.array(z.string()).describe("those of them that force a replacement"),
});

const contractChange = z.object({
  path: z.string().describe("where in the stage's outputs"),
  from: shownValue.optional().describe("left out: the part is new"),
  to: shownValue.optional().describe("left out: the part goes"),
});

const cause = z.object({
  stage: z.string().describe("a needed stage"),
  outputs: z.array(z.string()).describe("paths of its outputs that change"),
});

const danger = z.object({
  stage: z.string(),
  kind: z.enum(["replace", "delete"]),
  ...resource,
  id: z.string().optional().describe("AWS ID as deployed"),
  because: z.array(z.string()).describe("paths of the properties that force a replacement"),
  allowed: z.boolean().describe("allowed by name"),
});

const violation = z.object({
  rule: z.string(),
  ...resource,
  problem: z.string(),
  advice: z.string().describe("what to do"),
});

const held = z.object({ hold: z.int(), of: z.int() });

const access = z.object({
  ok: z.boolean(),
  allowed: held.describe("how many intended accesses work"),
  denied: held.describe("how many refusals hold"),
  errors: z.array(
    z.object({
      kind: z.string(),
      says: z.string(),
      why: z.array(z.string()),
      places: z.array(place),
      advice: z.string().optional(),
    }),
  ),
  beyond: z.int().describe("statements that grant more than any intent uses"),
  diff: accessDiff.optional().describe("against what is deployed"),
});

const contents = z
  .object({
    objects: z.int().describe("current versions"),
    versions: z.int(),
    deleteMarkers: z.int(),
    bytes: z.int(),
  })
  .describe("what is in a bucket or prefix");

const of = {
  stage: z.string(),
  account: z.string(),
  unknown: z.string().optional().describe("AWS could not tell more"),
};

const lost = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("featureGroup"),
      ...of,
      name: z.string(),
      onlineBytes: z.number().optional(),
      offline: z
        .object({ location: z.string(), goes: z.boolean(), contents: contents.optional() })
        .optional(),
      table: z.object({ database: z.string(), name: z.string() }).optional(),
    }),
    z.object({ kind: z.literal("bucket"), ...of, name: z.string(), contents: contents.optional() }),
    z.object({
      kind: z.literal("key"),
      ...of,
      id: z.string(),
      aliases: z.array(z.string()),
      waitingDays: z.int(),
      state: z.string().optional(),
    }),
  ])
  .describe("what holds data and is deleted");

const kept = z
  .object({ stage: z.string(), account: z.string(), type: z.string(), id: z.string() })
  .describe("what holds data and was kept");

const catalogGrant = z
  .object({
    account: z.string(),
    catalogId: z.string(),
    region: z.string(),
    principal: z.string(),
    database: z.string(),
    table: z.string().optional(),
    permission: z.string(),
    because: z.string(),
    command: z.string().describe("that grants it"),
  })
  .describe("a permission of AWS Lake Formation that lacks");

const feature = z.object({
  name: z.string(),
  type: z.string(),
  collection: z.string().optional(),
  dimension: z.int().optional(),
});

const ttl = z.object({ unit: z.string(), value: z.int() });

const throughput = z.object({
  mode: z.string(),
  readCapacityUnits: z.int().optional(),
  writeCapacityUnits: z.int().optional(),
});

const evolution = z
  .object({
    group: z.string(),
    added: z.array(feature),
    removed: z.array(z.string()),
    retyped: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
    ttl: z
      .object({ from: ttl.optional(), to: ttl.optional() })
      .optional()
      .describe("the time to live, which ends without `to`"),
    throughput: z.object({ from: throughput, to: throughput }).optional(),
  })
  .describe("what becomes of a feature group in place");

const stage = z.object({
  stage: z.string(),
  account: z.string(),
  needs: z.array(z.string()).describe("the stages that it needs"),
  status: z.enum(["changed", "unchanged", "failed", "skipped", "absent"]),
  notRun: z.literal("unchanged").optional().describe("nothing changed, and the engine was not run"),
  departed: z.literal(true).optional().describe("the settings name it no more, and it is destroyed"),
  unchanged: z.int().describe("how many resources stay as they are"),
  changes: z.array(resourceChange),
  outputs: z.record(z.string(), shownValue),
  contractChanges: z.array(contractChange).optional(),
  causes: z.array(cause).optional().describe("why it changes, as far as needed stages give something else"),
  dangers: z.array(danger).optional().describe("replacements and deletions of what holds data"),
  evolutions: z.array(evolution).optional(),
  violations: z.array(violation).optional().describe("rules of the policy pack that it breaks"),
  error: z.string().optional(),
  reason: z.string().optional().describe("why it was skipped"),
});

export const graphReportSchema = z
  .object({
    version: z.literal(1).describe("another number: a field went, or means something else"),
    action: z.enum(["preview", "up", "destroy"]),
    ok: z.boolean(),
    access: access.optional().describe("of a preview: what is proven of the access that it would make"),
    catalog: z.array(catalogGrant).optional(),
    deleted: z.array(lost).optional(),
    kept: z.array(kept).optional(),
    stages: z.array(stage).describe("each after what it needs; the other way round for destroy"),
  })
  .describe("What preview, up and destroy print with --json. Further fields may come without a new version.");
