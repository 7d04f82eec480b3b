/** A resource type: its properties, and the code that calls AWS for it. */
import type { Clients } from "./clients";
import type { Fields } from "./schema";
import type { Properties } from "./values";

export interface AutoName {
  readonly property: string;
  /** The property with the prefix for generated names. */
  readonly prefix?: string;
  readonly maximum: number;
  /** Turns the logical name into a valid prefix: lower case, or with `alias/` before it. */
  readonly start?: (logicalName: string) => string;
}

export interface ResourceType {
  /** `aws:iam/role:Role`. */
  readonly token: string;
  /** Its name in messages: `IAM Role`. */
  readonly title: string;
  /** Inputs and outputs; any other property is refused by name. The flags below add `region`, `tags` and `tagsAll`. */
  readonly fields: Fields;
  /** The inputs that form its ID; empty if AWS chooses the ID. */
  readonly identity: readonly string[];
  /** The input that names the resource; generated from the logical name if not given. */
  readonly autoName?: AutoName;
  /** True if it has tags, and therefore gets the provider's default tags. */
  readonly tagged?: boolean;
  /** True if it belongs to no region (IAM). */
  readonly global?: boolean;
  /** Makes it and returns its ID. @throws PartlyMade if it exists but is not ready */
  create(clients: Clients, inputs: Properties): Promise<string>;
  /**
   * Applies the new inputs. Absent if every change replaces the resource.
   * @param olds the last inputs, and `tagsAll` as last read
   */
  update?(clients: Clients, id: string, olds: Properties, news: Properties): Promise<void>;
  /** Deletes it. Succeeds if it does not exist. */
  remove(clients: Clients, id: string, state: Properties): Promise<void>;
  /** AWS's values under input and output names, with `FAILED` if its creation failed; undefined if it does not exist. */
  observe(clients: Clients, id: string, state: Properties): Promise<Properties | undefined>;
}

/** The property of the state that says why an existing resource can never be used and has to be replaced. */
export const FAILED = "__creationFailed";

/** The resource was created and a later step failed: the engine records its ID, so that the resource is not lost. */
export class PartlyMade extends Error {
  constructor(
    readonly id: string,
    readonly reason: string,
    /** True if it has to be replaced. */
    readonly hopeless = false,
  ) {
    super(reason);
  }
}
