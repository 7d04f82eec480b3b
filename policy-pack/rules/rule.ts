/** What a rule is: a pure judgement of resources as a program declares them, before anything is made. */

/** Stands in a resource's inputs for what only the update will tell. Nothing is said against what is not known. */
export const UNKNOWN: unique symbol = Symbol("known after the update");

/** A resource as a program declares it. */
export interface DeclaredResource {
  readonly urn: string;
  /** Type token, such as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** As the provider's schema names them; `UNKNOWN` at any depth. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  /** Left out where it is not told: an analyzer of Pulumi does not hear of it. */
  readonly retainOnDelete?: boolean;
  /** 12 digits: the account that the resource's provider acts in, if it is told. */
  readonly account?: string;
}

/** What the environment's settings say, as far as rules depend on it. */
export interface RuleContext {
  /** 12 digits each: the environment's accounts, whose principals may be named. */
  readonly allowedAccountIds: readonly string[];
  /** `documented`: what AWS's documents grant is allowed too, and nothing beyond it. */
  readonly policyMode: "leastPrivilege" | "documented";
  /** False: what holds data may go. */
  readonly protectData: boolean;
  /** True: a store's settings say that its keys are not rotated (keys.enableRotation: false). */
  readonly unrotatedKeys?: boolean;
  /** True: a store of one account alone is encrypted under AWS's own key (keys.offline: aws). */
  readonly awsManagedKeys?: boolean;
}

/** What a rule has against a stack as a whole, and which resource it is about. */
export interface Finding {
  readonly resource: DeclaredResource;
  readonly problem: string;
}

export interface Rule {
  /** In kebab case; the name of the policy in the pack. */
  readonly name: string;
  /** The parts of the context that it depends on: the configuration of the pack's policy; left out: none. */
  readonly configuredBy?: readonly (keyof RuleContext)[];
  /** What holds, in one sentence. */
  readonly description: string;
  /** What to do where it does not. */
  readonly advice: string;
  /** What is wrong with the resource by itself, each as a clause without a full stop. */
  check?(resource: DeclaredResource, context: RuleContext): readonly string[];
  /** What only all resources of a stack together show. */
  checkStack?(resources: readonly DeclaredResource[], context: RuleContext): readonly Finding[];
}

/** A rule that does not hold for a resource. */
export interface Violation {
  readonly rule: string;
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly problem: string;
  /** What to do. */
  readonly advice: string;
}
