/**
 * The rules of stores' keys. Sources: Amazon SageMaker AI Developer Guide, "Offline store AWS KMS encryption", and AWS KMS
 * Developer Guide, "AWS KMS keys".
 */
import type { StoreFacts } from "../topology";
import { notTwice, samePartition } from "./arnRules";
import type { ValidationError } from "./errors";
import { existingKeyArn, isOneKey, keySettings, makesKey, type KeySettings } from "./keySettings";
import { rawStores, type RawSettings } from "./schema";
import type { RawAccount } from "./sharedSchema";
import type { RawStore } from "./storeSchema";

type Errors = Iterable<ValidationError>;

export function* keyRules(settings: RawSettings): Errors {
  for (const { facts, store, account } of rawStores(settings))
    if (account) yield* ofStore(facts, store, account);
}

function* ofStore(facts: StoreFacts, store: RawStore, account: RawAccount): Errors {
  const { setting, onlineKey, account: accountName } = facts;
  const path = `${setting}.keys`;
  const keys = keySettings(store.keys, onlineKey);
  for (const half of ["online", "offline"] as const)
    yield* existingKey(`${path}.${half}`, existingKeyArn(keys[half]), accountName, account);
  yield* offlineByAws(facts, keys);
  if (store.keys.online !== undefined && !store.featureGroups.some(({ onlineStore }) => onlineStore))
    yield {
      path: `${path}.online`,
      message: "is for online stores, and no feature group here has one (onlineStore: false): leave it out",
    };
  yield* viaService(path, keys);
  yield* kept(path, keys);
  if (!makesKey(keys, "online") && !makesKey(keys, "offline")) yield* withoutOwnKeys(setting, store);
}

/** A feature group and its keys have to be in one account and one Region. */
function* existingKey(
  path: string,
  arn: string | undefined,
  accountName: string,
  { id, region }: RawAccount,
): Errors {
  if (arn === undefined) return;
  const [, , , keyRegion = "", owner = ""] = arn.split(":");
  if (owner !== id)
    yield {
      path,
      message: `${arn} is a key of account ${owner}, but the feature groups are in account ${accountName} (${id}): give a key of that account`,
    };
  if (keyRegion !== region)
    yield {
      path,
      message: `${arn} is in ${keyRegion}, but the feature groups are in ${region}: give a key of that Region (a multi-Region key's replica there has an ARN of its own)`,
    };
  else yield* samePartition(path, arn, region);
}

function* offlineByAws({ setting, refusals }: StoreFacts, { offline, online }: KeySettings): Errors {
  if (offline !== "aws") return;
  if (refusals.awsKey) yield { path: `${setting}.keys.offline`, message: refusals.awsKey };
  if (online === "shared")
    yield {
      path: `${setting}.keys.online`,
      message:
        "shared: there is no key to share, because keys.offline is aws. Use own or aws here, or own for both stores",
    };
}

function* viaService(path: string, keys: KeySettings): Errors {
  if (!keys.viaService) return;
  const at = `${path}.viaService`;
  if (isOneKey(keys))
    yield {
      path: at,
      message:
        "kms:ViaService of SageMaker works only on a key that online stores alone use: Amazon S3 uses this key for the offline " +
        "store, too, and CreateFeatureGroup would fail. Give the online store a key of its own (keys.online: own)",
    };
  else if (keys.online === "aws")
    yield {
      path: at,
      message: "is a condition of the online store's key, and there is none (keys.online: aws): use own",
    };
  else if (keys.online !== "own")
    yield {
      path: at,
      message: `is for an own key: the owner of ${keys.online} writes its policy, and can put kms:ViaService into it`,
    };
}

function* kept(path: string, keys: KeySettings): Errors {
  for (const [index, half] of keys.keepOwn.entries()) {
    if (keys[half] === "own")
      yield {
        path: `${path}.keepOwn[${index}]`,
        message: `${half}: the store uses its own key, which is kept anyway`,
      };
    yield* notTwice(`${path}.keepOwn`, keys.keepOwn, index);
  }
}

/** Settings for own keys have no effect if the stage makes no key: the user must not believe that they took effect. */
function* withoutOwnKeys(setting: string, { keys, keyAdministrators }: RawStore): Errors {
  for (const each of ["multiRegion", "sageMakerReads", "enableRotation"] as const)
    if (keys[each] !== undefined)
      yield {
        path: `${setting}.keys.${each}`,
        message:
          "is for own keys, and the store has none: keys.online and keys.offline are existing keys or AWS's",
      };
  if (keyAdministrators.length > 0)
    yield {
      path: `${setting}.keyAdministrators`,
      message:
        "belong in the policy of an own key, and the store has none: name them in the existing key's policy",
    };
}
