/** The keys that encrypt the two halves of a store. */
import type { RawStore } from "./storeSchema";

/** The halves of a store, each with its own choice of key. */
export type StoreHalf = "online" | "offline";

export type KeySettings = Readonly<Required<RawStore["keys"]>>;

/** The settings with their defaults. @param onlineKey the online stores' key unless the settings say otherwise */
export function keySettings(raw: RawStore["keys"], onlineKey: "aws" | "own"): KeySettings {
  return {
    online: raw.online ?? onlineKey,
    offline: raw.offline ?? "own",
    viaService: raw.viaService ?? false,
    multiRegion: raw.multiRegion ?? false,
    sageMakerReads: raw.sageMakerReads ?? true,
    enableRotation: raw.enableRotation ?? true,
    keepOwn: raw.keepOwn ?? [],
  };
}

/** The existing key, or undefined. */
export function existingKeyArn(choice: string): string | undefined {
  return choice.startsWith("arn:") ? choice : undefined;
}

/** True if the same customer managed key encrypts both halves. */
export function isOneKey({ online, offline }: Pick<KeySettings, StoreHalf>): boolean {
  return online === "shared" || (existingKeyArn(online) !== undefined && online === offline);
}

/**
 * The ARNs of the keys that the two halves use; left out: AWS's own.
 * @param own the ARN of the store's own key for that half: called only if it is used
 * @param existing the ARN of a key that the settings name
 * @typeParam T an output, or a stand-in
 */
export function chosenKeys<T>(
  keys: KeySettings,
  own: (half: StoreHalf) => T,
  existing: (arn: string) => T,
): { onlineKeyArn?: T; offlineKeyArn?: T } {
  const chosen = (half: StoreHalf) => {
    const arn = existingKeyArn(keys[half]);
    if (arn !== undefined) return existing(arn);
    return keys[half] === "own" ? own(half) : undefined;
  };
  const offlineKeyArn = chosen("offline");
  const onlineKeyArn = isOneKey(keys) ? offlineKeyArn : chosen("online");
  return { ...(onlineKeyArn ? { onlineKeyArn } : {}), ...(offlineKeyArn ? { offlineKeyArn } : {}) };
}

/** True if the stage makes a key for that half, to use or to keep. */
export function makesKey(keys: KeySettings, half: StoreHalf): boolean {
  return keys[half] === "own" || keys.keepOwn.includes(half);
}
