/** What the provider knows of a resource type: one table entry a type, and the code that speaks to AWS for it. */
import type { Clients } from "./clients";

/** Properties as the engine sends them: plain JSON, with the unknown marker where a value is not known yet. */
export type Properties = Record<string, unknown>;

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface ResourceType {
  /** `aws:iam/role:Role`. */
  readonly token: string;
  /** What it is called in messages: `IAM Role`. */
  readonly title: string;
  /** Input properties that this provider handles; any other is refused by name. */
  readonly inputs: readonly string[];
  readonly required?: readonly string[];
  /** Values that the real provider fills in. */
  readonly defaults?: Properties;
  /** Outputs that only AWS can tell: unknown in a preview. */
  readonly computed: readonly string[];
  /** Inputs whose change makes a new resource. */
  readonly replaceOn: readonly string[];
  /** Inputs that hold JSON whose form has no meaning. */
  readonly json?: readonly string[];
  /** The input that names the resource, made from its logical name where it is not given. */
  readonly autoName?: {
    readonly property: string;
    readonly prefix?: string;
    readonly maximum: number;
    readonly lowerCase?: boolean;
  };
  /** True if tags and the provider's default tags apply. */
  readonly tagged?: boolean;
  /** Rules besides; values that are unknown must pass. */
  check?(inputs: Properties): readonly CheckFailure[];
  /** Outputs in a preview beyond inputs and `computed`: parts of inputs that AWS fills in. */
  preview?(inputs: Properties): Properties;
  /** Makes it and returns its ID. @throws PartlyMade if it exists but is not ready */
  create(clients: Clients, inputs: Properties): Promise<string>;
  /** Brings it to the new inputs. Absent where every change replaces. */
  update?(clients: Clients, id: string, olds: Properties, news: Properties): Promise<void>;
  /** Removes it; what is gone already is no error. */
  remove(clients: Clients, id: string, state: Properties): Promise<void>;
  /** What AWS has, by input and output names; undefined if it is not there. */
  observe(clients: Clients, id: string, state: Properties): Promise<Properties | undefined>;
}

/** The resource exists, and something after its creation failed: the engine keeps its ID, and nothing is orphaned. */
export class PartlyMade extends Error {
  constructor(
    readonly id: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** The engine's marker of a value that is not known before an update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** A string property, if it is there and known. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

/** A string property that the checks made sure of. */
export function must(properties: Properties, name: string): string {
  const value = text(properties, name);
  if (value === undefined) throw new Error(`${name} is not known`);
  return value;
}

export function strings(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((value ?? {}) as Properties).map(([key, each]) => [key, String(each)]),
  );
}
