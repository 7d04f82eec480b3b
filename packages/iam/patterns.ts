/** Patterns as sets of texts: whether one lies within another, and whether two have a text in common. */

/**
 * True if every text that `inner` matches is matched by `outer` (`*`: any characters, `?`: one). Never wrongly true;
 * false for some pairs that only a case by case look would tell, such as `a?*` within `a*?`.
 */
export function within(inner: string, outer: string): boolean {
  if (outer === "*" || inner === outer) return true;
  // Each symbol of the inner pattern is held against the outer one as if it were text.
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

/** The positions reached without reading: a `*` may stand for nothing. */
function closure(positions: Set<number>, pattern: string): Set<number> {
  for (const at of positions) if (pattern[at] === "*") positions.add(at + 1);
  return positions;
}

/** True if some text is matched by both. */
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

/** What both match, as a pattern, if one lies within the other; otherwise both, for a reader. */
export function meet(one: string, other: string): readonly string[] {
  if (within(one, other)) return [one];
  if (within(other, one)) return [other];
  return [one, other];
}

/** Six parts, the last of which may hold more colons. */
const WHOLE = /^(?:[^:]*:){5}/;

/**
 * What a Resource element matches at most: a policy variable may stand for anything, and so may the parts that an ARN lacks,
 * which IAM completes. Source: IAM User Guide, "IAM JSON policy elements: Resource".
 */
export function widest(resource: string): string {
  const open = resource.includes("${") ? resource.replace(/\$\{[^}]*\}/g, "*") : resource;
  return open.startsWith("arn:") && !WHOLE.test(open) ? `${open}*` : open;
}

/** A text that the pattern matches. */
export function sampleOf(pattern: string): string {
  return pattern.replace(/\*+/g, "sample").replace(/\?/g, "x");
}
