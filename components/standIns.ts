/** Stand-ins for what AWS will name, each as long as what will stand there; and what is said of a document that is too large. */
import { accountRoot, type Policy } from "./policies/document";
import { sizeOf } from "./policies/fitting";
import type { SettingsFault } from "./settings/errors";
import { givenKey, type KeySettings } from "./settings/keySettings";

/** What the engine adds to a logical name, so that a name can be used twice: `-1a2b3c4`. */
export const SUFFIX = "-1234567";
export const ROLE_ID = "AROA12345678901234567";
export const KEY_ID = "12345678-1234-1234-1234-123456789012";
/** Unix seconds of a feature group's creation. */
export const EPOCH = "1234567890";

export function* tooLarge(
  path: string,
  document: string,
  content: Policy,
  limit: number,
  advice: string,
): Iterable<SettingsFault> {
  const size = sizeOf(content);
  if (size > limit)
    yield {
      path,
      message: `${document} would have ${size.toLocaleString("en")} characters, and AWS takes ${limit.toLocaleString("en")}: ${advice}`,
    };
}

export function roleArn(partition: string, account: string, logicalName: string): string {
  return accountRoot(partition, account).replace(/root$/, `role/${logicalName}${SUFFIX}`);
}

export function keyArn(partition: string, region: string, account: string): string {
  return `arn:${partition}:kms:${region}:${account}:key/${KEY_ID}`;
}

/** The keys of a store, with stand-ins for those that are made. */
export function storeKeyArns(
  keys: KeySettings | undefined,
  made: Readonly<Record<"online" | "offline", string>>,
): { onlineKeyArn?: string; offlineKeyArn?: string } {
  if (!keys) return {};
  const arnOf = (half: "online" | "offline") =>
    givenKey(keys[half]) ?? (keys[half] === "own" ? made[half] : undefined);
  const offlineKeyArn = arnOf("offline");
  const onlineKeyArn = keys.online === "shared" ? offlineKeyArn : arnOf("online");
  return { ...(onlineKeyArn ? { onlineKeyArn } : {}), ...(offlineKeyArn ? { offlineKeyArn } : {}) };
}
