/**
 * Pulumi's configuration as validated, read-only settings. The only reader of configuration: programs get it from
 * the engine, the driver from the same `Pulumi.<env>.yaml`.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { quotaFaults } from "../quotas";
import { SettingsError, type SettingsFault } from "./errors";
import { keySettings } from "./keySettings";
import { profileSettings } from "./profileSettings";
import { partitionOf } from "./names";
import { ruleFaults } from "./rules";
import { settingsSchema, type RawSettings } from "./schema";
import { formFaults } from "./formErrors";
import type { AccountSettings, Settings } from "./types";

export * from "./types";
export { accessByGroup, effectiveAccess, tagsOfGroup } from "./taggedAccess";
export { givenKey, isOneKey, makesKey } from "./keySettings";
export { SettingsError, type SettingsFault } from "./errors";

/** Namespace of the settings: the project's name in Pulumi.yaml. */
export const NAMESPACE = "feature-store-access";

/** Settings without a default of their own that need not be there. */
const LEFT_OUT = ["accountA", "offlineStore", "centralStore", "monitoring"] as const;

/** @throws SettingsError with every fault, each with its path. */
export function parseSettings(raw: Readonly<Record<string, unknown>>, source?: string): Settings {
  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) throw new SettingsError(formFaults(parsed.error, raw), source);
  const faults = ruleFaults(parsed.data);
  if (faults.length > 0) throw new SettingsError(faults, source);
  const settings = settingsOf(parsed.data);
  const tooLarge = quotaFaults(settings);
  if (tooLarge.length > 0) throw new SettingsError(tooLarge, source);
  return deepFreeze(settings);
}

/** The settings of the running program's stack. @throws SettingsError */
export function readSettings(): Settings {
  const raw: Record<string, unknown> = {};
  // All keys of the project, not the known ones only: a misspelt setting must not pass for one that is left out.
  for (const [key, text] of Object.entries(pulumi.runtime.allConfig()))
    if (key.startsWith(`${NAMESPACE}:`)) raw[key.slice(NAMESPACE.length + 1)] = configValue(text);
  // Pulumi takes what has no default for required: {} in Pulumi.yaml stands for what is left out.
  for (const name of LEFT_OUT)
    if (isMapping(raw[name]) && Object.keys(raw[name]).length === 0) delete raw[name];
  return parseSettings(raw, `Pulumi.${pulumi.getStack()}.yaml`);
}

/** The settings in a `Pulumi.<env>.yaml`. @throws SettingsError, also for what cannot be read */
export function settingsFromFile(path: string): Settings {
  const source = basename(path);
  const config = configOf(path, source);
  const raw: Record<string, unknown> = {};
  const faults: SettingsFault[] = [];
  for (const [key, value] of Object.entries(config)) {
    const name = key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : undefined;
    if (name === undefined) continue;
    const secure = secureIn(value);
    if (secure !== undefined)
      faults.push({
        path: `${name}${secure}`,
        message: "is encrypted (secure:): no setting here is a secret; write it in plain text",
      });
    // `pulumi config set` writes every plain value as text.
    else raw[name] = typeof value === "string" ? configValue(value) : value;
  }
  if (faults.length > 0) throw new SettingsError(faults, source);
  return parseSettings(raw, source);
}

/** The `config:` mapping of the file. @throws SettingsError for what is no YAML, or no mapping */
function configOf(path: string, source: string): Record<string, unknown> {
  const fault = (message: string) => new SettingsError([{ path: "(the file)", message }], source);
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8")) ?? {};
  } catch (error) {
    throw fault(`cannot be read: ${(error as Error).message.split("\n")[0] ?? ""}`);
  }
  const config = isMapping(content) ? (content["config"] ?? {}) : undefined;
  if (!isMapping(config)) throw fault("is not a mapping with the settings under `config:`");
  return config;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Pulumi hands structured values to programs as JSON, and plain ones as they are. */
function configValue(text: string): unknown {
  if (!/^[[{]|^(true|false)$/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Where below the value something encrypted stands (`.ads.externalId`, or empty for the value itself); undefined if nowhere. */
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

function settingsOf({
  accountA,
  accountB,
  consumers,
  profiles,
  offlineStore,
  centralStore,
  ...rest
}: RawSettings): Settings {
  const accounts: Record<string, AccountSettings> = {};
  if (accountA) accounts["A"] = account(accountA);
  accounts["B"] = account(accountB);
  for (const [name, consumer] of Object.entries(consumers))
    if (consumer.account) accounts[name] = account(consumer.account);
  return {
    ...rest,
    ...(offlineStore
      ? { offlineStore: { ...offlineStore, keys: keySettings("offlineStore", offlineStore.keys) } }
      : {}),
    ...(centralStore
      ? { centralStore: { ...centralStore, keys: keySettings("centralStore", centralStore.keys) } }
      : {}),
    accounts,
    consumers: Object.entries(consumers).map(([name, { account: own, trustSageMaker, ...consumer }]) => ({
      ...consumer,
      resultsBucket: { ...consumer.resultsBucket, retentionDays: consumer.resultsBucket.retentionDays ?? 30 },
      name,
      account: own ? name : "A",
      trustSageMaker: trustSageMaker ?? rest.policyMode === "documented",
    })),
    profiles: Object.entries(profiles).map(([name, profile]) => profileSettings(name, profile)),
  };
}

function account(raw: RawSettings["accountB"]): AccountSettings {
  return { ...raw, partition: partitionOf(raw.region) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
