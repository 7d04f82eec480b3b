/** Finds a stack's buckets without a part of their configuration: each part is a resource of its own. */
import { UNKNOWN, type DeclaredResource, type StackProblem } from "./rule";

const BUCKETS: ReadonlySet<string> = new Set(["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"]);

export function isBucket({ type }: DeclaredResource): boolean {
  return BUCKETS.has(type);
}

/** Type tokens of a part, with and without the `V2` that older versions of @pulumi/aws put there. */
export function isPart({ type }: DeclaredResource, part: string): boolean {
  const token = (name: string) => `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
  return type === token(part) || type === token(`${part}V2`);
}

/**
 * The stack's buckets without such a part. A part whose bucket is not known yet may belong to any of them: if there are enough
 * such parts for all, none is returned.
 */
export function bucketsWithout(
  resources: readonly DeclaredResource[],
  part: string,
  problem: string,
): StackProblem[] {
  const parts = resources.filter((resource) => isPart(resource, part)).map(({ inputs }) => inputs["bucket"]);
  const named = new Set(parts.filter((bucket) => typeof bucket === "string"));
  const unknown = parts.filter((bucket) => bucket === UNKNOWN).length;
  const without = resources.filter((resource) => isBucket(resource) && !named.has(nameOf(resource)));
  return without.length > unknown ? without.map((resource) => ({ resource, problem })) : [];
}

function nameOf({ inputs }: DeclaredResource): string {
  const { bucket, id } = inputs;
  return typeof bucket === "string" ? bucket : typeof id === "string" ? id : "";
}
