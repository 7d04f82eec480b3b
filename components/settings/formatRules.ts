/**
 * What a feature group's stores may be together. Sources: SageMaker API Reference, OnlineStoreConfig, OfflineStoreConfig,
 * ThroughputConfig and FeatureDefinition; developer guide, "Throughput modes", "Collection types", "Offline store".
 */
import type { SettingsFault } from "./errors";
import type { RawSettings } from "./schema";

type Store = "offlineStore" | "centralStore";
type FeatureGroup = NonNullable<RawSettings["centralStore"]>["featureGroups"][number];
type Faults = Iterable<SettingsFault>;

/** Of every group of both stores. */
export function* formatFaults({ offlineStore, centralStore, policyMode }: RawSettings): Faults {
  for (const [store, groups] of [
    ["offlineStore", offlineStore?.featureGroups ?? []],
    ["centralStore", centralStore?.featureGroups ?? []],
  ] as const) {
    for (const [index, group] of groups.entries()) {
      const path = `${store}.featureGroups[${index}]`;
      yield* online(path, group, store);
      yield* collections(path, group);
      yield* throughput(path, group);
      yield* offline(path, group, store);
      yield* table(path, group, policyMode);
    }
    yield* sharedTables(store, groups);
  }
}

function* online(path: string, group: FeatureGroup, store: Store): Faults {
  if (group.storageType === undefined) return;
  if (!group.onlineStore)
    yield {
      path: `${path}.storageType`,
      message: "is of the online store, which onlineStore: false turns off: leave one of them out",
    };
  if (group.storageType === "InMemory" && group.offlineStore !== false)
    yield {
      path: `${path}.storageType`,
      message:
        store === "centralStore"
          ? "InMemory has no offline store beside it: set offlineStore: false, or storageType: Standard"
          : "InMemory has no offline store, which this topology is for: set storageType: Standard, or move the group to centralStore with offlineStore: false",
    };
}

function* collections(path: string, group: FeatureGroup): Faults {
  for (const [index, { name, type, collection, dimension }] of group.features.entries()) {
    const at = `${path}.features[${index}]`;
    if (collection !== "Vector" && dimension !== undefined)
      yield { path: `${at}.dimension`, message: "is a vector's: set collection: Vector, or leave it out" };
    if (collection === undefined) continue;
    if (group.storageType !== "InMemory")
      yield {
        path: `${at}.collection`,
        message:
          "takes an InMemory online store: set storageType: InMemory and offlineStore: false for the group, or leave collection out",
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

function* throughput(path: string, group: FeatureGroup): Faults {
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
    yield { path: `${at}.mode`, message: "Provisioned takes a Standard online store: InMemory is OnDemand" };
  if (writeCapacityUnits === undefined)
    yield { path: `${at}.writeCapacityUnits`, message: "is missing: how many writes a second to pay for" };
  if (group.onlineStore && readCapacityUnits === undefined)
    yield { path: `${at}.readCapacityUnits`, message: "is missing: how many reads a second to pay for" };
  if (!group.onlineStore && readCapacityUnits !== undefined)
    yield {
      path: `${at}.readCapacityUnits`,
      message: "is of the online store, which onlineStore: false turns off: leave it out",
    };
}

const OFFLINE_KEYS = ["tableFormat", "disableGlueTableCreation", "dataCatalog"] as const;

function* offline(path: string, group: FeatureGroup, store: Store): Faults {
  if (group.offlineStore !== false) return;
  if (store === "offlineStore")
    yield {
      path: `${path}.offlineStore`,
      message: "this topology is about the offline store: leave it on, or move the group to centralStore",
    };
  if (!group.onlineStore)
    yield {
      path: `${path}.offlineStore`,
      message: "with onlineStore: false the group has no store at all: leave one of them on",
    };
  for (const key of OFFLINE_KEYS)
    if (group[key] !== undefined)
      yield {
        path: `${path}.${key}`,
        message: "is of the offline store, which offlineStore: false turns off: leave one of them out",
      };
}

const MANAGED_DATABASE = "sagemaker_featurestore";

function* table(path: string, group: FeatureGroup, mode: RawSettings["policyMode"]): Faults {
  if (group.tableFormat !== "Iceberg") return;
  if (group.disableGlueTableCreation)
    yield {
      path: `${path}.disableGlueTableCreation`,
      message: "an Iceberg table is known by the Data Catalog alone: leave it out, or set tableFormat: Glue",
    };
  const { database = MANAGED_DATABASE } = group.dataCatalog ?? {};
  if (mode === "documented" && database !== MANAGED_DATABASE)
    yield {
      path: `${path}.dataCatalog.database`,
      message: `"${database}" must be ${MANAGED_DATABASE}: the documented policy AmazonSageMakerFeatureStoreAccess lets the role update Iceberg tables of no other database (or set policyMode: leastPrivilege)`,
    };
}

/** Two groups of one account cannot have one table. */
function* sharedTables(store: Store, groups: readonly FeatureGroup[]): Faults {
  const seen = new Map<string, number>();
  for (const [index, { dataCatalog }] of groups.entries()) {
    if (!dataCatalog) continue;
    const name = `${dataCatalog.database}.${dataCatalog.table}`;
    const twin = seen.get(name);
    if (twin !== undefined)
      yield {
        path: `${store}.featureGroups[${index}].dataCatalog.table`,
        message: `"${name}" is the table of featureGroups[${twin}] too: each group has its own`,
      };
    seen.set(name, index);
  }
}
