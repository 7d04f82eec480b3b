/**
 * Pulumi's configuration as validated, read-only settings. Nothing else reads configuration: programs get it from the
 * engine, the driver from the same `Pulumi.<env>.yaml`.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { profileQuotas } from "../profiles/quotas";
import { profileSettings } from "../profiles/settings";
import { TOPOLOGIES, type Settings, type TopologySettings } from "../topologies";
import { SettingsError, type ValidationError } from "./errors";
import { formErrors } from "./formErrors";
import { partitionOf } from "./names";
import { ruleErrors } from "./rules";
import { namedAccounts, settingsSchema, type RawSettings } from "./schema";
import type { RawAccount } from "./sharedSchema";
import type { AccountSettings } from "./types";

export * from "./types";
export type { Settings } from "../topologies";
export { existingKeyArn, isOneKey, makesKey } from "./keySettings";
export { SettingsError, type ValidationError } from "./errors";

/** Namespace of the settings: the project's name in Pulumi.yaml. */
export const NAMESPACE = "feature-store-access";

/** Optional settings without a default. */
const LEFT_OUT = ["accountA", ...TOPOLOGIES.map(({ setting }) => setting), "monitoring"];

/** @throws SettingsError with every validation error of the first step that finds any */
export function parseSettings(raw: Readonly<Record<string, unknown>>, source?: string): Settings {
  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) throw new SettingsError(formErrors(parsed.error, raw), source);
  const broken = ruleErrors(parsed.data);
  if (broken.length > 0) throw new SettingsError(broken, source);
  const settings = settingsOf(parsed.data);
  const tooLarge = [...TOPOLOGIES.flatMap(({ quotas }) => [...quotas(settings)]), ...profileQuotas(settings)];
  if (tooLarge.length > 0) throw new SettingsError(tooLarge, source);
  return deepFreeze(settings);
}

/** The settings of the running program's stack. @throws SettingsError */
export function readSettings(): Settings {
  const raw: Record<string, unknown> = {};
  // Reads all keys of the project, not just the known ones, so that a misspelt setting is not treated as left out.
  for (const [key, text] of Object.entries(pulumi.runtime.allConfig()))
    if (key.startsWith(`${NAMESPACE}:`)) raw[key.slice(NAMESPACE.length + 1)] = configValue(text);
  // Pulumi requires settings that have no default: {} in Pulumi.yaml stands for a setting that is left out.
  for (const name of LEFT_OUT)
    if (isMapping(raw[name]) && Object.keys(raw[name]).length === 0) delete raw[name];
  return parseSettings(raw, `Pulumi.${pulumi.getStack()}.yaml`);
}

/** The settings in a `Pulumi.<env>.yaml`. @throws SettingsError, also if the file cannot be read */
export function settingsFromFile(path: string): Settings {
  const source = basename(path);
  const config = configOf(path, source);
  const raw: Record<string, unknown> = {};
  const encrypted: ValidationError[] = [];
  for (const [key, value] of Object.entries(config)) {
    const name = key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : undefined;
    if (name === undefined) continue;
    const secure = secureIn(value);
    if (secure !== undefined)
      encrypted.push({
        path: `${name}${secure}`,
        message: "is encrypted (secure:): no setting here is a secret; write it in plain text",
      });
    // `pulumi config set` writes every plain value as text.
    else raw[name] = typeof value === "string" ? configValue(value) : value;
  }
  if (encrypted.length > 0) throw new SettingsError(encrypted, source);
  return parseSettings(raw, source);
}

/** The file's `config:` mapping. @throws SettingsError if the file is not YAML or has no mapping */
function configOf(path: string, source: string): Record<string, unknown> {
  const refusal = (message: string) => new SettingsError([{ path: "(the file)", message }], source);
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8")) ?? {};
  } catch (error) {
    throw refusal(`cannot be read: ${(error as Error).message.split("\n")[0] ?? ""}`);
  }
  const config = isMapping(content) ? (content["config"] ?? {}) : undefined;
  if (!isMapping(config)) throw refusal("is not a mapping with the settings under `config:`");
  return config;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Pulumi gives programs structured values as JSON, and plain ones unchanged. */
function configValue(text: string): unknown {
  if (!/^[[{]|^(true|false)$/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The path below the value to something encrypted (`.ads.externalId`, or empty for the value itself); undefined if nothing is. */
function secureIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") return "";
  for (const [key, member] of entries) {
    const path = secureIn(member);
    if (path !== undefined) return `${Array.isArray(value) ? `[${key}]` : `.${key}`}${path}`;
  }
  return undefined;
}

function settingsOf(raw: RawSettings): Settings {
  const { accountA, accountB, policyMode, protectData, verification, tags, monitoring } = raw;
  const accounts: Record<string, AccountSettings> = {};
  if (accountA) accounts["A"] = account(accountA);
  accounts["B"] = account(accountB);
  for (const named of namedAccounts(raw)) accounts[named.name] = account(named.account);
  return {
    ...{ monitoring, policyMode, protectData, verification, tags, accounts },
    profiles: Object.entries(raw.profiles).map(([name, profile]) => profileSettings(name, profile)),
    // The list's type includes each topology's own settings.
    ...(Object.assign({}, ...TOPOLOGIES.map(({ normalise }) => normalise(raw))) as TopologySettings),
  };
}

function account(raw: RawAccount): AccountSettings {
  return { ...raw, partition: partitionOf(raw.region) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
