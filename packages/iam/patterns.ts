/** Patterns as sets of texts: containment and overlap. */

/**
 * True if `outer` matches every text that `inner` matches. Never wrongly true; wrongly false for some pairs that would need case analysis,
 * such as `a?*` within `a*?`.
 */
export function within(inner: string, outer: string): boolean {
  if (outer === "*" || inner === outer) return true;
  // The outer pattern reads each symbol of the inner pattern as if it were text.
  let reached = closure(new Set([0]), outer);
  for (const symbol of inner) {
    const next = new Set<number>();
    for (const at of reached) {
      const wanted = outer[at];
      if (wanted === "*") next.add(at);
      else if (symbol !== "*" && (wanted === symbol || (wanted === "?" && symbol !== undefined)))
        next.add(at + 1);
    }
    reached = closure(next, outer);
    if (reached.size === 0) return false;
  }
  return reached.has(outer.length);
}

/** The positions reached without reading anything: a `*` may match nothing. */
function closure(positions: Set<number>, pattern: string): Set<number> {
  for (const at of positions) if (pattern[at] === "*") positions.add(at + 1);
  return positions;
}

/** True if both patterns match some text. */
export function overlap(one: string, other: string): boolean {
  if (one === "*" || other === "*" || one === other) return true;
  if (!/[*?]/.test(one) && !/[*?]/.test(other)) return false;
  const failed = new Set<number>();
  const width = other.length + 1;
  const from = (i: number, j: number): boolean => {
    const key = i * width + j;
    if (failed.has(key)) return false;
    const [a, b] = [one[i], other[j]];
    let met: boolean;
    if (a === undefined && b === undefined) met = true;
    else if (a === "*") met = from(i + 1, j) || (b !== undefined && from(i, j + 1));
    else if (b === "*") met = from(i, j + 1) || (a !== undefined && from(i + 1, j));
    else
      met = a !== undefined && b !== undefined && (a === b || a === "?" || b === "?") && from(i + 1, j + 1);
    if (!met) failed.add(key);
    return met;
  };
  return commonEnds(one, other) && from(0, 0);
}

/** A quick no: the texts before the first wildcard differ, or those after the last. */
function commonEnds(one: string, other: string): boolean {
  const [head, otherHead] = [one.split(/[*?]/)[0] ?? "", other.split(/[*?]/)[0] ?? ""];
  const length = Math.min(head.length, otherHead.length);
  return head.slice(0, length) === otherHead.slice(0, length);
}

/** The texts that both patterns match, as one pattern if one contains the other; otherwise both patterns. */
export function meet(one: string, other: string): readonly string[] {
  if (within(one, other)) return [one];
  if (within(other, one)) return [other];
  return [one, other];
}

/** Six parts, the last of which may contain more colons. */
const WHOLE = /^(?:[^:]*:){5}/;

/**
 * The most that a Resource element can match, as a pattern: a policy variable may have any value, and IAM completes an ARN that
 * lacks parts. Source: "IAM JSON policy elements: Resource", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function widest(resource: string): string {
  const open = resource.includes("${") ? resource.replace(/\$\{[^}]*\}/g, "*") : resource;
  return open.startsWith("arn:") && !WHOLE.test(open) ? `${open}*` : open;
}

/** A text that the pattern matches. */
export function sampleOf(pattern: string): string {
  return pattern.replace(/\*+/g, "sample").replace(/\?/g, "x");
}
