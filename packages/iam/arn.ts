/** ARNs: `arn:partition:service:region:account:resource`; the resource may hold further colons. */
import { glob, remembered, type Matcher } from "./glob";

/** The six parts, or undefined if the text is no ARN. */
export function splitArn(text: string): readonly string[] | undefined {
  if (text === lastText) return lastParts;
  lastText = text;
  return (lastParts = split(text));
}

// One request's resource is held against many patterns in a row.
let lastText = "";
let lastParts: readonly string[] | undefined;

function split(text: string): readonly string[] | undefined {
  const parts = text.split(":");
  if (parts.length < 6 || parts[0] !== "arn") return undefined;
  return parts.length === 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/**
 * A matcher of ARNs for the pattern of a condition: part by part; a wildcard in the resource may take in anything.
 * Source: IAM User Guide, "Amazon resource name (ARN) condition operators".
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
 * A matcher of resources for the pattern of a Resource element: part by part, and a `*` that ends a part may also take
 * in the colons and parts that follow. What has fewer than six parts (`arn:aws:sqs`) is completed with `*` in
 * identity-based policies (`completing`), and elsewhere only if it holds a wildcard.
 * Source: IAM User Guide, "IAM JSON policy elements: Resource".
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

/** True if the parts before the resource hold no wildcard but a `*` at the end of some. */
function endsPartsOnly(parts: readonly string[]): boolean {
  const heads = parts.slice(0, 5);
  return (
    heads.some((part) => part.endsWith("*")) && heads.every((part) => !/[*?]/.test(part.replace(/\*$/, "")))
  );
}
