/** The keys that a store's two halves are encrypted under. */
import type { RawStore } from "./storeSchema";

/** The halves of a store, each with a key of its own choice. */
export type StoreHalf = "online" | "offline";

export type KeySettings = Readonly<Required<RawStore["keys"]>>;

/** The settings with their defaults. @param onlineKey the online stores' key unless they say otherwise */
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

/** The key that is there already, or undefined. */
export function givenKey(choice: string): string | undefined {
  return choice.startsWith("arn:") ? choice : undefined;
}

/** True if both halves are encrypted under one and the same customer managed key. */
export function isOneKey({ online, offline }: Pick<KeySettings, StoreHalf>): boolean {
  return online === "shared" || (givenKey(online) !== undefined && online === offline);
}

/**
 * The ARNs of the keys that the two halves use; left out: AWS's own.
 * @param own the ARN of the store's own key of that half: called where it is used
 * @param given the ARN of a key that the settings name
 * @typeParam T an output, or a stand-in
 */
export function chosenKeys<T>(
  keys: KeySettings,
  own: (half: StoreHalf) => T,
  given: (arn: string) => T,
): { onlineKeyArn?: T; offlineKeyArn?: T } {
  const chosen = (half: StoreHalf) => {
    const arn = givenKey(keys[half]);
    if (arn !== undefined) return given(arn);
    return keys[half] === "own" ? own(half) : undefined;
  };
  const offlineKeyArn = chosen("offline");
  const onlineKeyArn = isOneKey(keys) ? offlineKeyArn : chosen("online");
  return { ...(onlineKeyArn ? { onlineKeyArn } : {}), ...(offlineKeyArn ? { offlineKeyArn } : {}) };
}

/** True if a key is made here for that half, used or kept. */
export function makesKey(keys: KeySettings, half: StoreHalf): boolean {
  return keys[half] === "own" || keys.keepOwn.includes(half);
}
