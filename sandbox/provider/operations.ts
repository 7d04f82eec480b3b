/** Create, read, update and delete of any resource type: what the types' own code gives, in the form that the engine keeps. */
import type { Clients } from "./clients";
import { isSame } from "./diff";
import { PartlyMade, UNKNOWN, type Properties, type ResourceType } from "./resourceType";
import { allTags } from "./tags";

export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/** The resource exists, but is not ready: the engine keeps it, and mends or deletes it in its next run. */
export class NotReady extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Properties,
    message: string,
  ) {
    super(message);
  }
}

/** @throws NotReady; Error with AWS's code and words */
export async function create(type: ResourceType, clients: Clients, inputs: Properties): Promise<Made> {
  const subject = `creating ${type.title}${nameOf(type, inputs)}`;
  try {
    const id = await type.create(clients, inputs);
    return { id, outputs: await outputsOf(type, clients, id, inputs) };
  } catch (error) {
    if (!(error instanceof PartlyMade)) throw worded(subject, error);
    throw new NotReady(error.id, inputs, `${subject}: ${error.reason}`);
  }
}

/** What a creation would give: inputs as they are, and unknowns for what only AWS can tell. */
export function previewCreate(
  type: ResourceType,
  clients: Clients | undefined,
  inputs: Properties,
): Properties {
  const unknowns = Object.fromEntries(type.computed.map((name) => [name, UNKNOWN]));
  const tags = type.tagged && clients ? { tagsAll: allTags(clients, inputs) } : {};
  return { ...unknowns, region: clients?.region ?? UNKNOWN, ...inputs, ...tags, ...type.preview?.(inputs) };
}

export async function update(
  type: ResourceType,
  clients: Clients,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<Properties> {
  try {
    await type.update?.(clients, id, olds, news);
    return await outputsOf(type, clients, id, news);
  } catch (error) {
    throw worded(`updating ${type.title} (${id})`, error);
  }
}

export async function remove(
  type: ResourceType,
  clients: Clients,
  id: string,
  state: Properties,
): Promise<void> {
  try {
    await type.remove(clients, id, state);
  } catch (error) {
    throw worded(`deleting ${type.title} (${id})`, error);
  }
}

/**
 * What is there now. Inputs that AWS agrees with stay as they were written; where it differs, what is there takes their
 * place, so that the next preview shows the drift. Without inputs (an import) all that can be an input becomes one.
 */
export async function read(
  type: ResourceType,
  clients: Clients,
  id: string,
  state: Properties,
  inputs: Properties | undefined,
): Promise<{ outputs: Properties; inputs: Properties } | undefined> {
  const found = await type.observe(clients, id, state).catch((error: unknown) => {
    throw worded(`reading ${type.title} (${id})`, error);
  });
  if (!found) return undefined;
  const observed = { ...found, region: clients.region };
  if (!inputs || Object.keys(inputs).length === 0) {
    const taken = Object.entries({ ...type.defaults, ...observed }).filter(
      ([name, value]) => type.inputs.includes(name) && value !== "",
    );
    return { outputs: { ...type.defaults, ...observed }, inputs: Object.fromEntries(taken) };
  }
  const current = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      name in observed && !agrees(type, name, value, observed[name as keyof typeof observed])
        ? observed[name as keyof typeof observed]
        : value,
    ]),
  );
  return { outputs: merged(type, { ...state, ...current }, observed), inputs: current };
}

async function outputsOf(
  type: ResourceType,
  clients: Clients,
  id: string,
  inputs: Properties,
): Promise<Properties> {
  const observed = await type.observe(clients, id, inputs);
  if (!observed) throw new Error("it was made, and is not there");
  return merged(type, inputs, { ...observed, region: clients.region });
}

/** What AWS says, in the words of the inputs where they mean the same. */
function merged(type: ResourceType, inputs: Properties, observed: Properties): Properties {
  const kept = Object.entries(inputs).filter(
    ([name, value]) => !(name in observed) || isSame(type, name, value, observed[name]),
  );
  return { ...observed, ...Object.fromEntries(kept) };
}

/** True if what is there has everything that the input says; what else it has, AWS filled in. */
function agrees(type: ResourceType, name: string, input: unknown, found: unknown): boolean {
  // Tags are whole: one that is there and not in the input was put there by somebody.
  return isSame(type, name, input, found) || (name !== "tags" && covers(found, input));
}

function covers(found: unknown, input: unknown): boolean {
  if (Array.isArray(input))
    return (
      Array.isArray(found) &&
      found.length === input.length &&
      input.every((each, index) => covers(found[index], each))
    );
  if (typeof input !== "object" || input === null) return found === input;
  if (typeof found !== "object" || found === null) return Object.keys(input).length === 0;
  return Object.entries(input).every(
    ([key, value]) => value === undefined || value === null || covers((found as Properties)[key], value),
  );
}

function nameOf({ autoName }: ResourceType, inputs: Properties): string {
  const name = inputs[autoName?.property ?? "name"] ?? inputs["featureGroupName"] ?? inputs["bucket"];
  return typeof name === "string" ? ` (${name})` : "";
}

function worded(subject: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`${subject}: ${String(error)}`);
  const code = error.name === "Error" ? "" : `${error.name}: `;
  return new Error(`${subject}: ${code}${error.message}`);
}
