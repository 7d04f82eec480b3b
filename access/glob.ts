/** IAM's wildcards: `*` for any characters, also none, and `?` for exactly one. */

const matchers = new Map<string, (text: string) => boolean>();

/** A matcher for the pattern; equal patterns share one. */
export function glob(pattern: string): (text: string) => boolean {
  const known = matchers.get(pattern);
  if (known) return known;
  const made = make(pattern);
  // Patterns with resolved variables differ by request: the memory of them is bounded.
  if (matchers.size > 20_000) matchers.clear();
  matchers.set(pattern, made);
  return made;
}

function make(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  if (/^\*+$/.test(pattern)) return () => true;
  return (text) => matches(pattern, text);
}

/** Linear in practice: on a mismatch it goes back to the last `*` only. */
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
