/** Reads the text of a state file, even a torn one: its complete resources, merged with those of an older copy. */

/** The part of a state file (version 3) that is read here; the rest is kept as it is. */
export interface StateFile {
  readonly version: number;
  readonly checkpoint: {
    readonly latest?: {
      readonly resources?: readonly StateResource[];
      readonly pending_operations?: readonly { readonly resource: StateResource }[] | null;
    } | null;
  };
}

interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly delete?: boolean;
}

/** Depth of the elements of `checkpoint.latest.resources` and `.pending_operations`, in opening brackets. */
const ELEMENTS = "{{{[";
const CLOSING = "]}}}";

/** The state in the text; undefined if the text is not a state. */
export function stateIn(text: string): StateFile | undefined {
  try {
    const state = JSON.parse(text) as StateFile;
    return state.version === 3 && typeof state.checkpoint === "object" ? state : undefined;
  } catch {
    return undefined;
  }
}

/** The state with the complete resources and pending operations of a torn text; undefined if there are none. */
export function wholePart(text: string): StateFile | undefined {
  let open = "";
  let inString = false;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") open += char;
    else if (char === "}" || char === "]") {
      open = open.slice(0, -1);
      if (char === "}" && open === ELEMENTS) end = at + 1;
    }
  }
  return end === 0 ? undefined : stateIn(text.slice(0, end) + CLOSING);
}

/**
 * The newer state, whose end may be missing, followed by the resources that only the older one has: in both, a resource comes
 * after those that it needs. It contains resources again that were deleted in between: the state has to be refreshed.
 */
export function mergedState(
  newer: StateFile | undefined,
  older: StateFile | undefined,
): StateFile | undefined {
  const [first, second] = [newer ?? older, newer ? older : undefined];
  const known = new Set((first?.checkpoint.latest?.resources ?? []).map(keyOf));
  const more = (second?.checkpoint.latest?.resources ?? []).filter((each) => !known.has(keyOf(each)));
  if (!first?.checkpoint.latest || !second) return first;
  const resources = [...(first.checkpoint.latest.resources ?? []), ...more];
  const made = new Set(resources.map(({ urn }) => urn));
  const pending = [first, second]
    .flatMap(({ checkpoint }) => checkpoint.latest?.pending_operations ?? [])
    .filter(
      ({ resource: { urn } }, at, all) =>
        !made.has(urn) && all.findIndex((e) => e.resource.urn === urn) === at,
    );
  const latest = { ...first.checkpoint.latest, resources, pending_operations: pending };
  return { ...first, checkpoint: { ...first.checkpoint, latest } };
}

const keyOf = ({ urn, id, delete: goes = false }: StateResource) =>
  JSON.stringify([urn, goes, goes ? id : ""]);
