/** Which keys a store's two halves are encrypted under: the settings' words for it, and what they come to. */
import type { RawStore } from "./storeSchema";

/** The halves of a store, each with a key of its own choice. */
export type StoreHalf = "online" | "offline";

export interface KeySettings {
  /** `own`: a key is made; `shared`: the offline store's; `aws`: AWS's own, so none is named; or the ARN of a key that is there. */
  readonly online: string;
  /** `own`, `aws`, or an ARN. */
  readonly offline: string;
  /** The account's use of the online store's own key goes through SageMaker only (`kms:ViaService`). */
  readonly viaService: boolean;
  /** Keys that are made here are multi-Region primaries. */
  readonly multiRegion: boolean;
  /** SageMaker's service principal may look at keys that are made here (Describe*, Get*, List*). */
  readonly sageMakerReads: boolean;
  /** AWS makes new key material once a year. */
  readonly enableRotation: boolean;
  /** Halves whose key was made here before they went over to another: it is kept, as what it encrypted needs it. */
  readonly keepOwn: readonly StoreHalf[];
}

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

/** True if a key is made here for that half, used or kept. */
export function makesKey(keys: KeySettings, half: StoreHalf): boolean {
  return keys[half] === "own" || keys.keepOwn.includes(half);
}
