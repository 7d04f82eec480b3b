/** The form of what `verify` prints with `--json`: docs/schemas/verify-report.json is made of it. */
import { z } from "zod";

const check = z.object({
  as: z.string().describe("who tried: in words, with the account"),
  action: z.string().describe("service:Operation"),
  resource: z.string().describe("ARN, or s3:// URI"),
  expected: z.enum(["allowed", "denied"]),
  actual: z
    .enum(["allowed", "denied", "failed"])
    .describe("failed: neither; it went wrong for another reason, told in detail"),
  ok: z.boolean(),
  detail: z.string().optional().describe("what AWS said, or what was seen"),
});

export const verifyReportSchema = z
  .object({
    version: z.literal(1).describe("another number: a field went, or means something else"),
    action: z.literal("verify"),
    ok: z.boolean().describe("every check came out as expected"),
    checks: z.array(check),
  })
  .describe("What verify prints with --json. Further fields may come without a new version.");
