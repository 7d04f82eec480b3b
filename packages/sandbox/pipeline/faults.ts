/**
 * Faults that the sandbox plays as they occur on AWS: throttling, AWS's own errors, connections that end before or after the work is done,
 * slow answers, and expired credentials. The plan and its seed alone decide which request gets which fault: the same requests in the same
 * order get the same faults.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AwsError } from "../core";
import { SandboxError } from "../errors";

const glob = z.string().regex(/^[\w*:-]+$/, "letters, digits and *");
const rule = z.strictObject({
  /** `iam`, `s3`, `sagemaker`... or `*`. */
  service: glob.default("*"),
  /** `CreateRole`, `Put*`: the operation under AWS's SDK name. */
  operation: glob.default("*"),
  /** 12 digits: the caller's account. */
  account: z
    .string()
    .regex(/^\d{12}$/, "12 digits")
    .optional(),
  fault: z.enum(
    ["throttle", "serverError", "dropBefore", "dropAfter", "delay", "expired", "notYet"],
    "throttle, serverError, dropBefore, dropAfter, delay, expired or notYet",
  ),
  /** The share of matching requests that get the fault; left out: all. */
  probability: z.number().gt(0).max(1).optional(),
  /** Only the n-th matching request, counted from 1. */
  nth: z.int().min(1).optional(),
  /** Maximum number of times. */
  count: z.int().min(1).optional(),
  /** Length of a delay. */
  milliseconds: z.int().min(1).max(60_000).default(200),
});
const planSchema = z.strictObject({
  seed: z.int().default(1),
  rules: z.array(rule).min(1, "name at least one rule"),
});

export type FaultPlan = z.input<typeof planSchema>;
export type FaultKind = z.infer<typeof rule>["fault"];

/** The fault that a request gets. */
export interface Fault {
  readonly kind: FaultKind;
  readonly milliseconds: number;
}

export interface Faults {
  /** The fault that the request gets, if any; counts it. */
  meet(service: string, operation: string, account: string): Fault | undefined;
  /** The faults so far, by kind and `service:Operation`. */
  readonly met: readonly { readonly kind: FaultKind; readonly operation: string }[];
}

/** @throws `SandboxError` (usage) that names what is wrong with the plan */
export function createFaults(plan: unknown): Faults {
  const parsed = planSchema.safeParse(plan);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      ({ path, message }) => `  ${path.join(".") || "(the plan)"}: ${message}`,
    );
    throw new SandboxError("usage", ["The fault plan is wrong:", ...lines].join("\n"));
  }
  const random = generator(parsed.data.seed);
  const rules = parsed.data.rules.map((each) => ({ ...each, seen: 0, played: 0 }));
  const met: { kind: FaultKind; operation: string }[] = [];
  return {
    met,
    meet(service, operation, account) {
      for (const each of rules) {
        if (!fits(each.service, service) || !fits(each.operation, operation)) continue;
        if (each.account !== undefined && each.account !== account) continue;
        if (each.fault === "notYet" && !notYet(service, operation)) continue;
        each.seen++;
        if (each.nth !== undefined && each.seen !== each.nth) continue;
        if (each.count !== undefined && each.played >= each.count) continue;
        if (each.probability !== undefined && random() >= each.probability) continue;
        each.played++;
        met.push({ kind: each.fault, operation: `${service}:${operation}` });
        return { kind: each.fault, milliseconds: each.milliseconds };
      }
      return undefined;
    },
  };
}

/** Plays the part before the work: waits, or throws the error that the client sees. */
export async function playBefore(
  { kind, milliseconds }: Fault,
  service: string,
  operation: string,
): Promise<void> {
  if (kind === "dropAfter" || kind === "dropBefore") return;
  if (kind === "delay") return sleep(milliseconds);
  const error = kind === "notYet" ? notYet(service, operation) : faultError(kind, service);
  if (error) throw error;
}

/** The error of a throttled or broken service, or for expired credentials, in the service's own words. */
function faultError(kind: "throttle" | "serverError" | "expired", service: string): AwsError {
  const query = service === "iam" || service === "sts";
  if (kind === "expired")
    return service === "s3"
      ? new AwsError("ExpiredToken", "The provided token has expired.", 400)
      : query
        ? new AwsError("ExpiredToken", "The security token included in the request is expired", 403)
        : new AwsError("ExpiredTokenException", "The security token included in the request is expired", 400);
  if (kind === "throttle")
    return service === "s3"
      ? new AwsError("SlowDown", "Please reduce your request rate.", 503)
      : query
        ? new AwsError("Throttling", "Rate exceeded", 400)
        : new AwsError("ThrottlingException", "Rate exceeded", 400);
  return service === "s3"
    ? new AwsError("InternalError", "We encountered an internal error. Please try again.", 500)
    : new AwsError(query ? "ServiceFailure" : "InternalFailure", "An internal failure occurred.", 500);
}

/**
 * The error for a role that not all of AWS sees yet; undefined for operations without such an error. Sources: IAM User Guide, "Changes that I
 * make are not always immediately visible"; reports of users of CreateFeatureGroup.
 */
function notYet(service: string, operation: string): AwsError | undefined {
  const principal = "Invalid principal in policy";
  switch (`${service}:${operation}`) {
    case "sagemaker:CreateFeatureGroup":
      return new AwsError("ValidationException", "Validation Error: The execution role ARN is invalid.", 400);
    case "s3:PutBucketPolicy":
      return new AwsError("MalformedPolicy", principal, 400);
    case "kms:CreateKey":
    case "kms:PutKeyPolicy":
      return new AwsError(
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals.",
        400,
      );
    case "iam:CreateRole":
    case "iam:UpdateAssumeRolePolicy":
      return new AwsError("MalformedPolicyDocument", principal, 400);
    default:
      return undefined;
  }
}

function fits(pattern: string, value: string): boolean {
  return new RegExp(`^${pattern.replace(/\*/g, ".*")}$`, "i").test(value);
}

/** Mulberry32: numbers from 0 to 1 that depend only on the seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
