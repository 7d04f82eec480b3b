/** ARNs: `arn:partition:service:region:account:resource`; the resource may hold further colons. */
import { glob } from "./glob";

/** The six parts, or undefined if the text is no ARN. */
export function splitArn(text: string): readonly string[] | undefined {
  const parts = text.split(":");
  if (parts.length < 6 || parts[0] !== "arn") return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/**
 * True if the ARN fits the pattern: wildcards stay within the first five parts, and may take in anything in the
 * resource. Source: IAM User Guide, "Resource element" and "Amazon resource name condition operators".
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const wanted = splitArn(pattern);
  const given = splitArn(arn);
  if (!wanted || !given) return false;
  return wanted.every((part, index) => glob(part)(given[index] ?? ""));
}
