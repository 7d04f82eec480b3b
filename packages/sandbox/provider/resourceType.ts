/** What the provider knows of a resource type: one table entry a type, and the code that speaks to AWS for it. */
import type { Clients } from "./clients";
import type { Fields } from "./schema";
import type { Properties } from "./values";

export interface AutoName {
  readonly property: string;
  /** The property that gives the start of a name that is made. */
  readonly prefix?: string;
  readonly maximum: number;
  /** The logical name as it can start a name: in lower case, or behind `alias/`. */
  readonly start?: (logicalName: string) => string;
}

export interface ResourceType {
  /** `aws:iam/role:Role`. */
  readonly token: string;
  /** What it is called in messages: `IAM Role`. */
  readonly title: string;
  /** Inputs and outputs; any other property is refused by name. `region`, `tags` and `tagsAll` come by the flags below. */
  readonly fields: Fields;
  /** The inputs that its ID is made of; none where AWS chooses it. */
  readonly identity: readonly string[];
  /** The input that names the resource, made from its logical name where it is not given. */
  readonly autoName?: AutoName;
  /** True if tags and the provider's default tags apply. */
  readonly tagged?: boolean;
  /** True if it belongs to no region (IAM). */
  readonly global?: boolean;
  /** Makes it and returns its ID. @throws PartlyMade if it exists but is not ready */
  create(clients: Clients, inputs: Properties): Promise<string>;
  /**
   * Brings it to the new inputs. Absent where every change replaces.
   * @param olds the last inputs, and `tagsAll` as it was last seen
   */
  update?(clients: Clients, id: string, olds: Properties, news: Properties): Promise<void>;
  /** Removes it; what is gone already is no error. */
  remove(clients: Clients, id: string, state: Properties): Promise<void>;
  /** What AWS has, by input and output names, and `FAILED` where its creation did; undefined if it is not there. */
  observe(clients: Clients, id: string, state: Properties): Promise<Properties | undefined>;
}

/** The property of the state that tells why a resource that is there can never be used: it is to be made anew. */
export const FAILED = "__creationFailed";

/** The resource exists, and something after its creation failed: the engine keeps its ID, and nothing is orphaned. */
export class PartlyMade extends Error {
  constructor(
    readonly id: string,
    readonly reason: string,
    /** True if it can only be made anew. */
    readonly hopeless = false,
  ) {
    super(reason);
  }
}

/** The words for what this provider does not have. */
export function notImplemented(what: string): string {
  return `the sandbox's provider does not implement ${what}; use SANDBOX_PROVIDER=aws for the real provider`;
}
