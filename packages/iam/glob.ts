/** IAM's wildcards: `*` for any number of characters, `?` for exactly one. */

export type Matcher = (text: string) => boolean;

/** Caches the function's results, so that equal patterns share a matcher. */
export function remembered(make: (pattern: string) => Matcher): (pattern: string) => Matcher {
  const kept = new Map<string, Matcher>();
  return (pattern) => {
    let matcher = kept.get(pattern);
    if (!matcher) {
      matcher = make(pattern);
      // Patterns with resolved variables differ by request, so the cache is bounded.
      if (kept.size >= 20_000) kept.clear();
      kept.set(pattern, matcher);
    }
    return matcher;
  };
}

/** A matcher of whole texts for a pattern of `*` and `?`; case-sensitive. */
export const glob = remembered(make);

function make(pattern: string): Matcher {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  if (/^\*+$/.test(pattern)) return () => true;
  return (text) => matches(pattern, text);
}

/** Linear in practice: a mismatch returns only to the last `*`. */
function matches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
