/**
 * Event patterns for what CloudTrail reports to EventBridge about the stores' keys, buckets, roles and feature groups. Pure. Sources:
 * EventBridge User Guide, "Creating Amazon EventBridge event patterns"; CloudTrail User Guide, "Record contents"; KMS Developer
 * Guide, "Logging AWS KMS API calls" (a record's `resources` has the key's ARN, even if the request names only a grant).
 */

export interface Watched {
  /** ARNs. */
  readonly keyArns: readonly string[];
  readonly bucketArns: readonly string[];
  /** ARNs; patterns name roles by what follows the last slash, as requests to IAM do. */
  readonly roleArns: readonly string[];
  readonly featureGroups: readonly { readonly name: string; readonly arn: string }[];
}

export interface EventPattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Maximum number of characters of a rule's pattern. Source: EventBridge quotas, "Event pattern size". */
export const PATTERN_SIZE = 2_048;

const VIA_CLOUDTRAIL = "AWS API Call via CloudTrail";
const KEY_EVENTS = ["RevokeGrant", "RetireGrant", "DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"];
const BUCKET_EVENTS = ["PutBucketPolicy", "DeleteBucketPolicy"];
const ROLE_EVENTS = ["UpdateAssumeRolePolicy"];

export type RuleName = "keys" | "buckets" | "roles";

/**
 * Changes of keys, and of buckets' and roles' own policies; no pattern for a kind of which nothing is watched, and
 * several if one would be too large.
 * @param layout as many of each as `watched`, in the same order and as long: stand-ins for ARNs that are not known yet
 */
export function changePatterns(
  watched: Watched,
  layout: Watched = watched,
): Record<RuleName, EventPattern[]> {
  return {
    keys: inParts(watched.keyArns, layout.keyArns, (ARN) =>
      of("kms", { eventName: KEY_EVENTS, resources: { ARN } }),
    ),
    buckets: inParts(watched.bucketArns.map(bucketName), layout.bucketArns.map(bucketName), (names) =>
      of("s3", { eventName: BUCKET_EVENTS, requestParameters: { bucketName: names } }),
    ),
    roles: inParts(watched.roleArns.map(nameOf), layout.roleArns.map(nameOf), (roleName) =>
      of("iam", { eventName: ROLE_EVENTS, requestParameters: { roleName } }),
    ),
  };
}

/**
 * Denied requests on the store's keys, buckets, feature groups and roles. The codes are those of the services:
 * AccessDenied (S3, IAM, STS), AccessDeniedException (KMS, SageMaker). No event matches two of the patterns.
 */
export function deniedPatterns(watched: Watched, layout: Watched = watched): EventPattern[] {
  return inParts(subjectsOf(watched), subjectsOf(layout), denied);
}

function subjectsOf({ keyArns, bucketArns, roleArns, featureGroups }: Watched): Subject[] {
  return [
    ...keyArns.map((value) => ({ service: "kms", path: ["resources", "ARN"], value }) as const),
    ...bucketArns.map(
      (arn) =>
        ({ service: "s3", path: ["requestParameters", "bucketName"], value: bucketName(arn) }) as const,
    ),
    // A request may name a feature group by its name or its ARN.
    ...featureGroups.flatMap(({ name, arn }) =>
      [name, arn].map(
        (value) =>
          ({ service: "sagemaker", path: ["requestParameters", "featureGroupName"], value }) as const,
      ),
    ),
    ...roleArns.map((value) => ({ service: "sts", path: ["requestParameters", "roleArn"], value }) as const),
    ...roleArns.map(
      (arn) => ({ service: "iam", path: ["requestParameters", "roleName"], value: nameOf(arn) }) as const,
    ),
  ];
}

interface Subject {
  readonly service: string;
  /** The path to the resource's name in an event of the service. */
  readonly path: readonly [string, string];
  readonly value: string;
}

function denied(subjects: readonly Subject[]): EventPattern {
  const services = [...new Set(subjects.map(({ service }) => service))];
  const alternatives = services.map((name) => {
    const own = subjects.filter(({ service }) => service === name);
    const [outer, inner] = own[0]?.path ?? ["", ""];
    const values = own.map(({ value }) => value);
    return { eventSource: [`${name}.amazonaws.com`], [outer]: { [inner]: values } };
  });
  const [only, ...others] = alternatives;
  return {
    source: services.map((service) => `aws.${service}`),
    "detail-type": [VIA_CLOUDTRAIL],
    detail: {
      errorCode: [{ prefix: "AccessDenied" }],
      // EventBridge accepts $or only with two or more alternatives.
      ...(others.length === 0 ? only : { $or: alternatives }),
    },
  };
}

function of(service: string, detail: Readonly<Record<string, unknown>>): EventPattern {
  return {
    source: [`aws.${service}`],
    "detail-type": [VIA_CLOUDTRAIL],
    detail: { eventSource: [`${service}.amazonaws.com`], ...detail },
  };
}

/** As few patterns as can hold all values, each within EventBridge's size as measured on the layout. */
function inParts<T>(
  values: readonly T[],
  layout: readonly T[],
  pattern: (values: readonly T[]) => EventPattern,
): EventPattern[] {
  const ends: number[] = [];
  let from = 0;
  for (let end = 1; end <= layout.length; end++) {
    if (end < layout.length && JSON.stringify(pattern(layout.slice(from, end + 1))).length <= PATTERN_SIZE)
      continue;
    ends.push(end);
    from = end;
  }
  return ends.map((end, index) => pattern(values.slice(ends[index - 1] ?? 0, end)));
}

function nameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}

function bucketName(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
