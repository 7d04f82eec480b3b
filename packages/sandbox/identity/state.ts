/** What IAM keeps: users, roles, policies and access keys of all accounts, as plain data in the store. */
import { randomBytes, randomInt } from "node:crypto";
import type { PolicyDocument } from "@feature-store-access/iam";
import type { Collection, Store, Tag } from "../core";

/** What users and roles have in common. */
export interface Entity {
  readonly account: string;
  readonly name: string;
  /** `/`, or `/a/b/`. */
  readonly path: string;
  /** `AROA...` or `AIDA...`: never used again, also not for an entity of the same name. */
  readonly id: string;
  readonly arn: string;
  /** ISO 8601. */
  readonly created: string;
  tags: Tag[];
  /** Inline policies by name, as the text that was put. */
  inline: Record<string, string>;
  /** ARNs of managed policies, in the order of their attachment. */
  attached: string[];
  /** ARN of the managed policy that is the permissions boundary. */
  boundary?: string;
}

export interface Role extends Entity {
  /** The trust policy, with unique IDs in place of the ARNs of roles and users. */
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
  /** 12 digits, or `aws` for the policies that AWS manages. */
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
  /** The number of the newest version ever made: version numbers are not used again. */
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

/** Names are unique in an account without regard to case. */
export const entityKey = (account: string, name: string) => `${account}/${name.toLowerCase()}`;

export const roles = (store: Store): Collection<Role> => store.collection("iam.roles");
export const users = (store: Store): Collection<User> => store.collection("iam.users");
export const policies = (store: Store): Collection<ManagedPolicy> => store.collection("iam.policies");
export const accessKeys = (store: Store): Collection<AccessKey> => store.collection("iam.accessKeys");

/** The role of that ARN, path and all; undefined if there is none. */
export function findRole(store: Store, arn: string): Role | undefined {
  return findEntity(roles(store), arn);
}

/** The user of that ARN, path and all; undefined if there is none. */
export function findUser(store: Store, arn: string): User | undefined {
  return findEntity(users(store), arn);
}

function findEntity<T extends Entity>(entities: Collection<T>, arn: string): T | undefined {
  const match = /^arn:aws:iam::(\d{12}):(?:role|user)\/(?:.*\/)?([^/]+)$/.exec(arn);
  const entity = match ? entities.get(entityKey(match[1] ?? "", match[2] ?? "")) : undefined;
  return entity?.arn === arn ? entity : undefined;
}

/** The living user or role of a unique ID (`AIDA...`, `AROA...`). */
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
