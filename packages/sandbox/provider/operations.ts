/** Create, read, update and delete of any resource type, with results in the form that the engine keeps. */
import type { Clients } from "./clients";
import { retrying } from "./retry";
import { FAILED, PartlyMade, type ResourceType } from "./resourceType";
import { driftedInputs, importedInputs, outputs } from "./state";
import type { Properties } from "./values";

export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/** The resource exists but is not ready: the engine records it, and updates or replaces it in its next run. */
export class NotReady extends Error {
  constructor(
    readonly id: string,
    readonly inputs: Properties,
    readonly outputs: Properties,
    message: string,
  ) {
    super(message);
  }
}

/** @throws NotReady; Error with AWS's code and message */
export async function create(type: ResourceType, clients: Clients, inputs: Properties): Promise<Made> {
  const subject = `creating ${type.title}${nameOf(type, inputs)}`;
  let id: string;
  try {
    id = await type.create(clients, inputs);
  } catch (error) {
    if (!(error instanceof PartlyMade)) throw worded(subject, error);
    const found = await type.observe(clients, error.id, inputs).catch(() => undefined);
    const state = outputs(type, clients, inputs, {
      ...found,
      ...(error.hopeless ? { [FAILED]: error.reason } : {}),
    });
    throw new NotReady(error.id, inputs, state, `${subject}: ${error.reason}`);
  }
  // It exists from here on: its ID must not be lost, even if a later step fails.
  try {
    return { id, outputs: await outputsOf(type, clients, id, inputs) };
  } catch (error) {
    throw new NotReady(id, inputs, inputs, worded(`${subject}: reading it back`, error).message);
  }
}

/** @throws NotReady: the change may be partly made, which the engine records */
export async function update(
  type: ResourceType,
  clients: Clients,
  id: string,
  olds: { readonly inputs: Properties; readonly state: Properties },
  news: Properties,
): Promise<Properties> {
  const subject = `updating ${type.title} (${id})`;
  try {
    await type.update?.(clients, id, { ...olds.inputs, tagsAll: olds.state["tagsAll"] }, news);
    return await outputsOf(type, clients, id, news);
  } catch (error) {
    const found = await type.observe(clients, id, olds.state).catch(() => undefined);
    if (!found) throw worded(subject, error);
    const inputs = driftedInputs(type, clients, olds.inputs, found);
    throw new NotReady(
      id,
      inputs,
      outputs(type, clients, inputs, withRegion(clients, found)),
      worded(subject, error).message,
    );
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
 * Reads the resource. Inputs that equal AWS's values stay as written; where AWS differs, its value replaces them, so that the next preview
 * shows the drift. Without inputs (an import), every value that can be an input becomes one.
 */
export async function read(
  type: ResourceType,
  clients: Clients,
  id: string,
  state: Properties,
  inputs: Properties | undefined,
): Promise<{ outputs: Properties; inputs: Properties } | undefined> {
  const found = await type.observe(clients, id, { ...inputs, ...state }).catch((error: unknown) => {
    throw worded(`reading ${type.title} (${id})`, error);
  });
  if (!found) return undefined;
  const observed = withRegion(clients, found);
  const known =
    inputs && Object.keys(inputs).length > 0
      ? driftedInputs(type, clients, inputs, observed)
      : importedInputs(type, observed);
  return { outputs: outputs(type, clients, known, observed), inputs: known };
}

async function outputsOf(
  type: ResourceType,
  clients: Clients,
  id: string,
  inputs: Properties,
): Promise<Properties> {
  // A new resource may not be visible yet.
  const observed = await retrying(
    async () => {
      const found = await type.observe(clients, id, inputs);
      if (found) return found;
      throw Object.assign(new Error("it was created and cannot be found"), { name: "NotSeen" });
    },
    [{ name: "NotSeen" }],
    10_000,
  );
  return outputs(type, clients, inputs, withRegion(clients, observed));
}

function withRegion({ region }: Clients, observed: Properties): Properties {
  return { ...observed, region };
}

function nameOf({ identity }: ResourceType, inputs: Properties): string {
  const names = identity.map((property) => inputs[property]).filter((name) => typeof name === "string");
  return names.length > 0 ? ` (${names.join(":")})` : "";
}

/** Adds AWS's code, which the SDK puts into the error's name, and the step that failed. */
export function worded(subject: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`${subject}: ${String(error)}`);
  const code = error.name === "Error" ? "" : `${error.name}: `;
  return new Error(`${subject}: ${code}${error.message}`);
}
