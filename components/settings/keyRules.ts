/** The rules of stores' keys. Sources: seeds 000, 002 and 003; KMS Developer Guide, "AWS managed keys". */
import type { SettingsFault } from "./errors";
import { givenKey, isOneKey, keySettings, makesKey, type KeySettings } from "./keySettings";
import { partitionOf } from "./names";
import type { RawSettings } from "./schema";

type StoreName = "offlineStore" | "centralStore";
type Store = NonNullable<RawSettings["centralStore"]>;

export function* keyFaults({
  accountA,
  accountB,
  offlineStore,
  centralStore,
}: RawSettings): Iterable<SettingsFault> {
  if (offlineStore && accountA) yield* ofStore("offlineStore", offlineStore, "A", accountA);
  if (centralStore) yield* ofStore("centralStore", centralStore, "B", accountB);
}

function* ofStore(
  name: StoreName,
  store: Store,
  accountName: string,
  account: RawSettings["accountB"],
): Iterable<SettingsFault> {
  const path = `${name}.keys`;
  const keys = keySettings(name, store.keys);
  for (const half of ["online", "offline"] as const)
    yield* given(`${path}.${half}`, givenKey(keys[half]), accountName, account);
  yield* offlineByAws(name, keys);
  if (store.keys.online !== undefined && !store.featureGroups.some(({ onlineStore }) => onlineStore))
    yield {
      path: `${path}.online`,
      message: "is for online stores, and no feature group here has one (onlineStore: false): leave it out",
    };
  yield* viaService(path, keys);
  yield* kept(path, keys);
  if (!makesKey(keys, "online") && !makesKey(keys, "offline")) yield* nothingIsMade(name, store);
}

/** A feature group and its keys are of one account and one Region. */
function* given(
  path: string,
  arn: string | undefined,
  accountName: string,
  { id, region }: RawSettings["accountB"],
): Iterable<SettingsFault> {
  if (arn === undefined) return;
  const [, partition = "", , keyRegion = "", owner = ""] = arn.split(":");
  if (owner !== id)
    yield {
      path,
      message: `${arn} is a key of account ${owner}, but the feature groups are of account ${accountName} (${id}): give a key of that account`,
    };
  if (keyRegion !== region)
    yield {
      path,
      message: `${arn} is in ${keyRegion}, but the feature groups are in ${region}: give a key of that Region (a multi-Region key's replica there has an ARN of its own)`,
    };
  else if (partition !== partitionOf(region))
    yield {
      path,
      message: `${arn} is in partition ${partition}, but ${region} is in ${partitionOf(region)}`,
    };
}

function* offlineByAws(name: StoreName, { offline, online }: KeySettings): Iterable<SettingsFault> {
  const path = `${name}.keys.offline`;
  if (offline !== "aws") return;
  if (name === "offlineStore")
    yield {
      path,
      message:
        "aws cannot work across accounts: the AWS managed key of Amazon S3 lets only its own account in, and its policy " +
        "cannot be changed, so that account A could not write what account B can read. Use own, or the ARN of a key of account A",
    };
  if (online === "shared")
    yield {
      path: `${name}.keys.online`,
      message:
        "shared: there is no key to share, as keys.offline is aws. Use own or aws here, or own for both stores",
    };
}

function* viaService(path: string, keys: KeySettings): Iterable<SettingsFault> {
  if (!keys.viaService) return;
  const at = `${path}.viaService`;
  if (isOneKey(keys))
    yield {
      path: at,
      message:
        "kms:ViaService of SageMaker works on a key of online stores only: this key serves the offline store too, which Amazon S3 " +
        "uses it for, and CreateFeatureGroup would fail. Give the online store a key of its own (keys.online: own)",
    };
  else if (keys.online === "aws")
    yield {
      path: at,
      message: "is a condition of the online store's key, and there is none (keys.online: aws): use own",
    };
  else if (keys.online !== "own")
    yield {
      path: at,
      message: `is for a key that is made here: the policy of ${keys.online} is its owner's, who can put kms:ViaService into it`,
    };
}

function* kept(path: string, keys: KeySettings): Iterable<SettingsFault> {
  for (const [index, half] of keys.keepOwn.entries()) {
    const at = `${path}.keepOwn[${index}]`;
    if (keys[half] === "own")
      yield { path: at, message: `${half}: the store uses its own key, which is kept anyhow` };
    if (keys.keepOwn.indexOf(half) !== index) yield { path: at, message: `${half} stands twice` };
  }
}

/** What is said of keys that are made here has no effect where none is: it must not pass for done. */
function* nothingIsMade(name: StoreName, { keys, keyAdministrators }: Store): Iterable<SettingsFault> {
  for (const setting of ["multiRegion", "sageMakerReads", "enableRotation"] as const)
    if (keys[setting] !== undefined)
      yield {
        path: `${name}.keys.${setting}`,
        message:
          "is of keys that are made here, and none is: keys.online and keys.offline are given or AWS's",
      };
  if (keyAdministrators.length > 0)
    yield {
      path: `${name}.keyAdministrators`,
      message:
        "stand in the policy of a key that is made here, and none is: name them in the given key's policy",
    };
}
