/**
 * The rules of feature groups' stores. Sources: Amazon SageMaker API Reference, "OnlineStoreConfig", "OfflineStoreConfig",
 * "ThroughputConfig" and "FeatureDefinition"; Amazon SageMaker AI Developer Guide, "Throughput modes", "Collection types" and "Offline store".
 */
import type { StoreFacts } from "../topology";
import type { ValidationError } from "./errors";
import { rawStores, type RawSettings } from "./schema";
import type { RawGroup } from "./storeSchema";

const NO_ONLINE_STORE = "belongs to the online store, which onlineStore: false turns off:";
export const NEEDS_ONLINE_STORE = `${NO_ONLINE_STORE} leave one of them out`;

type Errors = Iterable<ValidationError>;

export function* formatRules(settings: RawSettings): Errors {
  for (const { facts, setting, store } of rawStores(settings)) {
    for (const [index, group] of store.featureGroups.entries()) {
      const path = `${setting}.featureGroups[${index}]`;
      yield* online(path, group, facts);
      yield* collections(path, group);
      yield* throughput(path, group);
      yield* offline(path, group, facts);
      yield* table(path, group, settings.policyMode);
    }
    yield* sharedTables(setting, store.featureGroups);
  }
}

function* online(path: string, group: RawGroup, { refusals }: StoreFacts): Errors {
  if (group.storageType === undefined) return;
  if (!group.onlineStore) yield { path: `${path}.storageType`, message: NEEDS_ONLINE_STORE };
  if (group.storageType === "InMemory" && group.offlineStore !== false)
    yield { path: `${path}.storageType`, message: refusals.inMemory };
}

function* collections(path: string, group: RawGroup): Errors {
  for (const [index, { name, type, collection, dimension }] of group.features.entries()) {
    const at = `${path}.features[${index}]`;
    if (collection !== "Vector" && dimension !== undefined)
      yield {
        path: `${at}.dimension`,
        message: "is for vectors: set collection: Vector, or leave it out",
      };
    if (collection === undefined) continue;
    if (group.storageType !== "InMemory")
      yield {
        path: `${at}.collection`,
        message:
          "needs an InMemory online store: set storageType: InMemory and offlineStore: false for the group, or leave collection out",
      };
    if (collection === "Vector" && dimension === undefined)
      yield { path: `${at}.dimension`, message: "is missing: how many numbers the vector has, 1 to 8,192" };
    if (collection === "Vector" && type !== "Fractional")
      yield { path: `${at}.type`, message: `is ${type}: a vector's numbers are Fractional` };
    for (const role of ["recordIdentifier", "eventTime"] as const)
      if (group[role] === name)
        yield { path: `${at}.collection`, message: `"${name}" is the group's ${role}, which has one value` };
  }
}

function* throughput(path: string, group: RawGroup): Errors {
  if (!group.throughput) return;
  const { mode, readCapacityUnits, writeCapacityUnits } = group.throughput;
  const units = { readCapacityUnits, writeCapacityUnits };
  const at = `${path}.throughput`;
  if (mode === "OnDemand") {
    for (const [name, value] of Object.entries(units))
      if (value !== undefined)
        yield {
          path: `${at}.${name}`,
          message: "is for mode: Provisioned: leave it out, or change the mode",
        };
    return;
  }
  if (group.storageType === "InMemory")
    yield {
      path: `${at}.mode`,
      message: "Provisioned needs a Standard online store: InMemory is OnDemand",
    };
  if (writeCapacityUnits === undefined)
    yield { path: `${at}.writeCapacityUnits`, message: "is missing: how many writes a second to pay for" };
  if (group.onlineStore && readCapacityUnits === undefined)
    yield { path: `${at}.readCapacityUnits`, message: "is missing: how many reads a second to pay for" };
  if (!group.onlineStore && readCapacityUnits !== undefined)
    yield { path: `${at}.readCapacityUnits`, message: `${NO_ONLINE_STORE} leave it out` };
}

const OFFLINE_KEYS = ["tableFormat", "disableGlueTableCreation", "dataCatalog"] as const;

function* offline(path: string, group: RawGroup, { refusals }: StoreFacts): Errors {
  if (group.offlineStore !== false) return;
  if (refusals.noOfflineStore) yield { path: `${path}.offlineStore`, message: refusals.noOfflineStore };
  if (!group.onlineStore)
    yield {
      path: `${path}.offlineStore`,
      message: "with onlineStore: false the group has no store at all: leave one of them on",
    };
  for (const key of OFFLINE_KEYS)
    if (group[key] !== undefined)
      yield {
        path: `${path}.${key}`,
        message: "belongs to the offline store, which offlineStore: false turns off: leave one of them out",
      };
}

const MANAGED_DATABASE = "sagemaker_featurestore";

function* table(path: string, group: RawGroup, mode: RawSettings["policyMode"]): Errors {
  if (group.tableFormat !== "Iceberg") return;
  if (group.disableGlueTableCreation)
    yield {
      path: `${path}.disableGlueTableCreation`,
      message: "an Iceberg table needs the Data Catalog: leave it out, or set tableFormat: Glue",
    };
  const { database = MANAGED_DATABASE } = group.dataCatalog ?? {};
  if (mode === "documented" && database !== MANAGED_DATABASE)
    yield {
      path: `${path}.dataCatalog.database`,
      message: `"${database}" must be ${MANAGED_DATABASE}: the documented policy AmazonSageMakerFeatureStoreAccess lets the role update Iceberg tables of no other database (or set policyMode: leastPrivilege)`,
    };
}

/** Two groups of one account cannot share a table. */
function* sharedTables(store: string, groups: readonly RawGroup[]): Errors {
  const seen = new Map<string, number>();
  for (const [index, { dataCatalog }] of groups.entries()) {
    if (!dataCatalog) continue;
    const name = `${dataCatalog.database}.${dataCatalog.table}`;
    const twin = seen.get(name);
    if (twin !== undefined)
      yield {
        path: `${store}.featureGroups[${index}].dataCatalog.table`,
        message: `"${name}" is the table of featureGroups[${twin}], too: each group needs its own`,
      };
    seen.set(name, index);
  }
}
