/** Parts of the published forms (docs/schemas). */
import { z } from "zod";

export const shownValue = z
  .union([
    z.object({ value: z.unknown() }),
    z.object({ unknown: z.literal(true).describe("only the update can tell") }),
    z.object({ secret: z.literal(true).describe("never shown") }),
  ])
  .describe("a part of a contract");

export const resource = { urn: z.string(), type: z.string(), name: z.string().describe("logical name") };

export const place = z.object({
  document: z.string().optional().describe("the policy document"),
  statement: z.string().optional(),
  code: z.string().optional().describe("file and line that make the resource"),
  setting: z.string().optional().describe("key of the settings"),
});

const intentChange = z.object({ id: z.string(), says: z.string(), setting: z.string().optional() });

const grantChange = z.object({
  holder: z.string(),
  action: z.string(),
  scope: z.string(),
  conditions: z.array(z.string()),
  explained: z.boolean().describe("an intent takes it in"),
  place,
});

export const accessDiff = z.object({
  against: z.string(),
  gained: z.array(intentChange),
  lost: z.array(intentChange),
  kept: z.int(),
  grantsGained: z.array(grantChange),
  grantsLost: z.array(grantChange),
});
