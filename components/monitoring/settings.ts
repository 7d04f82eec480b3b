/** The form of `monitoring`: the accounts that are watched, the trail of each, and the subscribers to notify. */
import { z } from "zod";
import { judged, keyArn } from "../settings/forms";
import { bucketNameProblem } from "../settings/names";

const trailArn = judged((arn) =>
  /^arn:aws(-cn|-us-gov)?:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[\w.-]{3,128}$/.test(arn)
    ? undefined
    : `"${arn}" is not a trail's ARN: arn:aws:cloudtrail:REGION:ACCOUNT_ID:trail/NAME`,
);

const trailSchema = z.union(
  [
    z.strictObject({ existing: trailArn }),
    z.strictObject({
      bucketName: judged(bucketNameProblem),
      retentionDays: z.int().min(1, "at least 1 day").default(365),
    }),
  ],
  "a trail is { existing: ARN } or { bucketName, retentionDays }",
);

const watchedAccountSchema = z.strictObject({
  trail: trailSchema,
  /** ARN of the key that the topic is encrypted under; its policy lets EventBridge and CloudWatch use it. */
  topicKeyArn: keyArn.optional(),
});

export const monitoringSchema = z.strictObject({
  accounts: z
    .strictObject({ A: watchedAccountSchema.optional(), B: watchedAccountSchema.optional() })
    .refine(({ A, B }) => A !== undefined || B !== undefined, "name at least one account: A or B"),
  subscribers: z
    .array(
      z.strictObject({
        protocol: z.enum(["email", "sqs", "https"], "a protocol is email, sqs or https"),
        endpoint: z.string(),
      }),
    )
    .default([]),
  /** The number of denied requests within so many minutes that raises an alarm. */
  accessDenied: z
    .strictObject({
      threshold: z.int().min(1, "at least 1 request").default(10),
      periodMinutes: z.int().min(1, "1 to 1,440 minutes").max(1440, "1 to 1,440 minutes").default(5),
    })
    .default({ threshold: 10, periodMinutes: 5 }),
  /** True: trails that a stage makes record operations on records and objects, too. */
  dataEvents: z.boolean().default(false),
});
