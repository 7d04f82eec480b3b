/** A rule: a pure check of resources as a program declares them, before anything is created. */

/** In a resource's inputs: a value that is known only in the update. Rules do not report unknown values. */
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
  /** Left out if it is unknown: Pulumi does not pass it to an analyzer. */
  readonly retainOnDelete?: boolean;
  /** 12 digits: the account that the resource's provider acts in, if known. */
  readonly account?: string;
}

/** The environment's settings that rules depend on. */
export interface RuleContext {
  /** 12 digits each: the environment's accounts, whose principals may be named. */
  readonly allowedAccountIds: readonly string[];
  /** `documented`: permissions of AWS's documents are accepted too. */
  readonly policyMode: "leastPrivilege" | "documented";
  /** False: resources that hold data may be deleted. */
  readonly protectData: boolean;
  /** True: a store's settings say that its keys are not rotated (keys.enableRotation: false). */
  readonly unrotatedKeys?: boolean;
  /** True: a store of one account alone is encrypted under AWS's own key (keys.offline: aws). */
  readonly awsManagedKeys?: boolean;
}

/** A breach that only a stack's resources together show, and the resource that it is about. */
export interface StackProblem {
  readonly resource: DeclaredResource;
  readonly problem: string;
}

export interface Rule {
  /** In kebab case; the name of the policy in the pack. */
  readonly name: string;
  /** The parts of the context that it depends on, which configure the pack's policy; none if left out. */
  readonly configuredBy?: readonly (keyof RuleContext)[];
  /** The requirement, in one sentence. */
  readonly description: string;
  /** What to do about a violation. */
  readonly advice: string;
  /** The problems of a single resource, each as a clause without a full stop. */
  check?(resource: DeclaredResource, context: RuleContext): readonly string[];
  /** The problems that only a stack's resources together show. */
  checkStack?(resources: readonly DeclaredResource[], context: RuleContext): readonly StackProblem[];
}

/** One breach of a rule by a resource. */
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
