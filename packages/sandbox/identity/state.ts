/** IAM's state: users, roles, policies and access keys of all accounts, as plain data in the store. */
import { randomBytes, randomInt } from "node:crypto";
import type { PolicyDocument } from "@feature-store-access/iam";
import type { Collection, Store, Tag } from "../core";

/** The properties that users and roles share. */
export interface Entity {
  readonly account: string;
  readonly name: string;
  /** `/`, or `/a/b/`. */
  readonly path: string;
  /** `AROA...` or `AIDA...`: never reused, not even for an entity of the same name. */
  readonly id: string;
  readonly arn: string;
  /** ISO 8601. */
  readonly created: string;
  tags: Tag[];
  /** Inline policies by name, with the text as sent. */
  inline: Record<string, string>;
  /** ARNs of managed policies, in the order in which they were attached. */
  attached: string[];
  /** ARN of the managed policy that is the permissions boundary. */
  boundary?: string;
}

export interface Role extends Entity {
  /** The trust policy, with unique IDs instead of the ARNs of roles and users. */
  trust: PolicyDocument;
  description?: string;
  /** Seconds. */
  maxSessionDuration: number;
  /** ISO 8601, and the region of the last session. */
  lastUsed?: { date: string; region: string };
}

export type User = Entity;

export interface PolicyVersion {
  /** `v1`, `v2`, ... */
  readonly id: string;
  readonly document: string;
  readonly created: string;
}

export interface ManagedPolicy {
  /** 12 digits, or `aws` for AWS managed policies. */
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly description?: string;
  readonly created: string;
  updated: string;
  tags: Tag[];
  versions: PolicyVersion[];
  defaultVersion: string;
  /** The highest version number so far: version numbers are not reused. */
  lastVersion: number;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly account: string;
  readonly user: string;
  status: "Active" | "Inactive";
  readonly created: string;
}

/** Names are unique in an account regardless of case. */
export const entityKey = (account: string, name: string) => `${account}/${name.toLowerCase()}`;

export const roles = (store: Store): Collection<Role> => store.collection("iam.roles");
export const users = (store: Store): Collection<User> => store.collection("iam.users");
export const policies = (store: Store): Collection<ManagedPolicy> => store.collection("iam.policies");
export const accessKeys = (store: Store): Collection<AccessKey> => store.collection("iam.accessKeys");

/** The role with this ARN, including its path; undefined if there is none. */
export function findRole(store: Store, arn: string): Role | undefined {
  return findEntity(roles(store), arn);
}

/** The user with this ARN, including its path; undefined if there is none. */
export function findUser(store: Store, arn: string): User | undefined {
  return findEntity(users(store), arn);
}

function findEntity<T extends Entity>(entities: Collection<T>, arn: string): T | undefined {
  const match = /^arn:aws:iam::(\d{12}):(?:role|user)\/(?:.*\/)?([^/]+)$/.exec(arn);
  const entity = match ? entities.get(entityKey(match[1] ?? "", match[2] ?? "")) : undefined;
  return entity?.arn === arn ? entity : undefined;
}

/** The existing user or role with this unique ID (`AIDA...`, `AROA...`). */
export function findById(store: Store, id: string): Entity | undefined {
  const entities: Collection<Role> | Collection<User> = id.startsWith("AROA") ? roles(store) : users(store);
  for (const entity of entities.values()) if (entity.id === id) return entity;
  return undefined;
}

/** A new unique ID: the prefix names the kind (`AROA` role, `AIDA` user, `ANPA` policy, `AKIA` and `ASIA` keys). */
export function newId(prefix: "AROA" | "AIDA" | "ANPA" | "AKIA" | "ASIA"): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const length = prefix === "AKIA" || prefix === "ASIA" ? 16 : 17;
  return prefix + Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** A new secret access key: 40 characters. */
export function newSecret(): string {
  return randomBytes(30).toString("base64");
}
