/** Policy documents as plain data, in the field order of AWS's own examples. */

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

export interface Policy {
  readonly Version: "2012-10-17";
  /** Only in a resource's policy. */
  readonly Id?: string;
  readonly Statement: readonly Statement[];
}

type Texts = string | readonly string[];
type Principal = NonNullable<Statement["Principal"]>;
export type Conditions = NonNullable<Statement["Condition"]>;

/** A statement of a role's own policy. */
export function allow(Sid: string, Action: Texts, Resource: Texts, Condition?: Conditions): Statement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) };
}

/** A statement of a resource's policy. */
export function allowTo(
  principal: Principal,
  Sid: string,
  Action: Texts,
  Resource: Texts,
  Condition?: Conditions,
): Statement {
  return {
    ...{ Sid, Effect: "Allow", Principal: principal, Action, Resource },
    ...(Condition ? { Condition } : {}),
  };
}

/** A statement of a role's trust policy. */
export function assumedBy(principal: Principal, Sid: string, Condition?: Conditions): Statement {
  const Action = "sts:AssumeRole";
  return { Sid, Effect: "Allow", Principal: principal, Action, ...(Condition ? { Condition } : {}) };
}

/** The condition that a key is used only through this service. */
export function viaService(service: Texts): Conditions {
  return { StringEquals: { "kms:ViaService": service } };
}

export function policy(...statements: readonly (Statement | undefined)[]): Policy {
  return { Version: "2012-10-17", Statement: statements.filter((statement) => statement !== undefined) };
}

/**
 * The policy with the unique IDs of the roles that it names in its `Id`. AWS stores a role's unique ID instead of its
 * ARN: a recreated role of the same name is a different one, and the policy does not name it until the policy is
 * rewritten. With the ID in its text, the policy changes when the role does, and so is rewritten.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
export function naming(roleIds: readonly string[], document: Policy): Policy {
  const { Version, Statement } = document;
  return { Version, Id: `names ${roleIds.join(" ")}`, Statement };
}

/**
 * A statement's Sid that contains a role's unique ID, for policies without an `Id`: a role's trust policy and its own
 * inline policies. A recreated role lacks them; because the text differs, they are written for it again.
 */
export function toRole(sid: string, roleId: string): string {
  return `${sid}${roleId}`;
}

/** `arn:PARTITION:iam::ACCOUNT:root`: the account itself, which delegates to its own IAM. */
export function accountRoot(partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:root`;
}
