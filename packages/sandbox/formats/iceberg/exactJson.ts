/** JSON with 64-bit numbers: keeps another writer's snapshot IDs exact, which JavaScript would round. */

const MARK = "\u0001exact:";

/** Keeps whole numbers beyond JavaScript's precision as texts that `exactText` and `exactOf` read. */
export function parseExact(text: string): unknown {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    /^-?\d+$/.test(part) && !Number.isSafeInteger(Number(part)) ? JSON.stringify(MARK + part) : part,
  );
  return JSON.parse(marked);
}

export function exactText(value: unknown): string {
  const mark = JSON.stringify(MARK).slice(1, -1).replaceAll("\\", "\\\\");
  return JSON.stringify(value).replace(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
}

/** A number of the parsed value as a bigint. */
export function exactOf(value: number | string): bigint {
  return BigInt(typeof value === "string" ? value.slice(MARK.length) : value);
}
