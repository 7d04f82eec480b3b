/**
 * The accounts of a sandbox and who is in them at the start: each has an administrator (user) and a `deployer` role that the base identity
 * may assume; the tooling account has the base identity itself.
 */
import type { PolicyDocument } from "@feature-store-access/iam";
import type { Store } from "../core";
import { SandboxError } from "../errors";
import { accessKeys, entityKey, newId, newSecret, roles, users, type AccessKey, type User } from "./state";

export const defaultAccounts = ["111111111111", "222222222222"] as const;
/** The account of the base identity: neither account A nor account B, so it also serves as the third party in access checks. */
export const toolingAccount = "999999999999";

const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";

/** An account and its administrator's access key, as the sandbox's first line prints them. */
export interface AccountKeys {
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Accounts {
  readonly accounts: readonly AccountKeys[];
  readonly base: AccountKeys;
}

interface Account {
  readonly id: string;
  readonly created: string;
}

const accounts = (store: Store) => store.collection<Account>("accounts");

export function accountExists(store: Store, id: string): boolean {
  return accounts(store).has(id);
}

/** @throws `SandboxError` for text that is no account ID, for a repeated ID, and for the tooling account's */
export function checkAccountIds(ids: readonly string[]): void {
  for (const [index, id] of ids.entries()) {
    if (!/^\d{12}$/.test(id))
      throw new SandboxError(
        "usage",
        `"${id}" is no AWS account ID: give 12 digits each, as in --accounts 333333333333,444444444444.`,
      );
    if (ids.indexOf(id) !== index)
      throw new SandboxError("usage", `The account ${id} is given twice in --accounts.`);
    if (id === toolingAccount)
      throw new SandboxError(
        "usage",
        `The account ${id} is the sandbox's own, for the base identity: choose another in --accounts.`,
      );
  }
}

/** Creates what is missing of the default accounts, of `more` and of the tooling account, and returns everyone's keys. */
export function prepareAccounts(store: Store, more: readonly string[], now: Date): Accounts {
  const time = now.toISOString();
  for (const id of new Set([...defaultAccounts, ...more, toolingAccount]))
    if (!accounts(store).has(id)) accounts(store).set(id, { id, created: time });

  const base = ensureUser(store, toolingAccount, "base", time);
  const found: AccountKeys[] = [];
  for (const { id } of accounts(store).values()) {
    if (id === toolingAccount) continue;
    const administrator = ensureUser(store, id, "administrator", time);
    ensureDeployer(store, id, base, time);
    found.push(keysOf(store, administrator, time));
  }
  return { accounts: found, base: keysOf(store, base, time) };
}

function ensureUser(store: Store, account: string, name: string, time: string): User {
  const key = entityKey(account, name);
  const existing = users(store).get(key);
  if (existing) return existing;
  const user: User = {
    account,
    name,
    path: "/",
    id: newId("AIDA"),
    arn: `arn:aws:iam::${account}:user/${name}`,
    created: time,
    tags: [],
    inline: {},
    attached: [administratorAccess],
  };
  users(store).set(key, user);
  return user;
}

function ensureDeployer(store: Store, account: string, base: User, time: string): void {
  const key = entityKey(account, "deployer");
  if (roles(store).has(key)) return;
  const trust: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: base.id },
        Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
      },
    ],
  };
  roles(store).set(key, {
    account,
    name: "deployer",
    path: "/",
    id: newId("AROA"),
    arn: `arn:aws:iam::${account}:role/deployer`,
    created: time,
    tags: [],
    inline: {},
    attached: [administratorAccess],
    trust,
    description: "Deploys into this account for the base identity",
    maxSessionDuration: 3600,
  });
}

function keysOf(store: Store, user: User, time: string): AccountKeys {
  let key: AccessKey | undefined;
  for (const candidate of accessKeys(store).values())
    if (candidate.account === user.account && candidate.user === user.name && candidate.status === "Active") {
      key = candidate;
      break;
    }
  if (!key) {
    key = {
      id: newId("AKIA"),
      secret: newSecret(),
      account: user.account,
      user: user.name,
      status: "Active",
      created: time,
    };
    accessKeys(store).set(key.id, key);
  }
  return { id: user.account, accessKeyId: key.id, secretAccessKey: key.secret };
}
