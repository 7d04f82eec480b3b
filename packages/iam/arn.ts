/** ARNs: `arn:partition:service:region:account:resource`. The resource may contain more colons. */
import { glob, remembered, type Matcher } from "./glob";

/**
 * The six parts of an ARN: `["arn", partition, service, region, account, resource]`.
 * @returns undefined if the text is not an ARN
 */
export function splitArn(text: string): readonly string[] | undefined {
  if (text === lastText) return lastParts;
  lastText = text;
  return (lastParts = split(text));
}

// One request's resource is compared with many patterns in a row.
let lastText = "";
let lastParts: readonly string[] | undefined;

function split(text: string): readonly string[] | undefined {
  const parts = text.split(":");
  if (parts.length < 6 || parts[0] !== "arn") return undefined;
  return parts.length === 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/**
 * A matcher of ARNs for the pattern of a condition. It compares part by part; a wildcard in the resource matches any characters.
 * Source: "Condition operators: ARN", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export const arnMatcher = remembered((pattern): Matcher => {
  if (pattern === "*") return () => true;
  const parts = split(pattern)?.map(glob);
  if (!parts) return () => false;
  return (arn) => {
    const given = splitArn(arn);
    return given !== undefined && parts.every((matches, index) => matches(given[index] ?? ""));
  };
});

/**
 * A matcher of resources for the pattern of a Resource element. It compares part by part; a `*` at the end of a part also matches
 * the colons and parts that follow. A pattern with fewer than six parts (`arn:aws:sqs`) is completed with `*` in
 * identity-based policies (`completing`), and elsewhere only if it has a wildcard.
 * Source: "IAM JSON policy elements: Resource", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourceMatcher(pattern: string, completing: boolean): Matcher {
  return completing ? completingMatcher(pattern) : plainMatcher(pattern);
}

const completingMatcher = remembered((pattern) => makeResourceMatcher(pattern, true));
const plainMatcher = remembered((pattern) => makeResourceMatcher(pattern, false));

function makeResourceMatcher(pattern: string, completing: boolean): Matcher {
  const whole = glob(pattern);
  if (!pattern.startsWith("arn:")) return whole;
  const parts = pattern.split(":");
  const missing = Math.max(0, 6 - parts.length);
  if (missing > 0 && !completing && !/[*?]/.test(pattern)) return () => false;
  const byParts = arnMatcher([...parts, ...Array<string>(missing).fill("*")].join(":"));
  return endsPartsOnly(parts) ? (resource) => whole(resource) || byParts(resource) : byParts;
}

/** True if the parts before the resource have no wildcard except a `*` at the end of some. */
function endsPartsOnly(parts: readonly string[]): boolean {
  const heads = parts.slice(0, 5);
  return (
    heads.some((part) => part.endsWith("*")) && heads.every((part) => !/[*?]/.test(part.replace(/\*$/, "")))
  );
}
