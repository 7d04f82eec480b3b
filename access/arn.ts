/** ARNs: `arn:partition:service:region:account:resource`; the resource may hold further colons. */
import { glob } from "./glob";

/** The six parts, or undefined if the text is no ARN. */
export function splitArn(text: string): readonly string[] | undefined {
  const parts = text.split(":");
  if (parts.length < 6 || parts[0] !== "arn") return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/**
 * True if the ARN fits the pattern of a condition: part by part; a wildcard in the resource may take in anything.
 * Source: IAM User Guide, "Amazon resource name (ARN) condition operators".
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const wanted = splitArn(pattern);
  const given = splitArn(arn);
  if (!wanted || !given) return false;
  return wanted.every((part, index) => glob(part)(given[index] ?? ""));
}

/**
 * True if the resource fits the pattern of a Resource element: part by part, and a `*` that ends a part may also take
 * in the colons and parts that follow. What has fewer than six parts (`arn:aws:sqs`) is completed with `*` in
 * identity-based policies (`complete`), and elsewhere only if it holds a wildcard.
 * Source: IAM User Guide, "IAM JSON policy elements: Resource".
 */
export function resourceMatches(pattern: string, resource: string, complete: boolean): boolean {
  if (!pattern.startsWith("arn:")) return glob(pattern)(resource);
  const parts = pattern.split(":");
  if (endsPartsOnly(parts) && glob(pattern)(resource)) return true;
  if (parts.length >= 6) return arnMatches(pattern, resource);
  if (!complete && !/[*?]/.test(pattern)) return false;
  return arnMatches([...parts, ...Array<string>(6 - parts.length).fill("*")].join(":"), resource);
}

/** True if the parts before the resource hold no wildcard but a `*` at the end of some. */
function endsPartsOnly(parts: readonly string[]): boolean {
  const heads = parts.slice(0, 5);
  return (
    heads.some((part) => part.endsWith("*")) && heads.every((part) => !/[*?]/.test(part.replace(/\*$/, "")))
  );
}
