/** The stages of monitoring: their kind and contract. */
import { z } from "zod";
import { arn } from "../contract";
import { refTo } from "../stage";

const monitoring = z.object({
  /** ARNs of the topics that are notified: in the store's region, and in IAM's if that is another. */
  topicArns: z.array(arn),
  /** Names of the rules. */
  rules: z.array(z.string()),
  /** The trail that the events come from. */
  trailArn: arn,
});
export type MonitoringContract = z.infer<typeof monitoring>;

export const kinds = { monitoring: { contract: monitoring, per: "account" } } as const;

export const ref = refTo(kinds);
