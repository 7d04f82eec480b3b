// Table formats, storage types, throughput and collections in the settings: what is taken, and what each fault says. What is
// made of them is in formats-stages.test.ts; that AWS refuses the same is its documentation's word.
import { expect } from "chai";
import { parseSettings, SettingsError } from "../../components/settings";
import { devSettings } from "./support";

type Raw = { [key: string]: any };

/** Path and message of each fault. */
function faultsOf(change: (raw: Raw) => void): Record<string, string> {
  const raw: Raw = devSettings();
  change(raw);
  try {
    parseSettings(raw);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
}

/** Of the central store's first group, which no consumer reads offline. */
const shoppers = (more: object) => (raw: Raw) => {
  Object.assign(raw["centralStore"].featureGroups[0], more);
  raw["consumers"]["recommendations"].access = { shoppers: ["readOnline"] };
};
const customers = (more: object) => (raw: Raw) => {
  Object.assign(raw["offlineStore"].featureGroups[0], more);
};
const vector = { name: "embedding", type: "Fractional", collection: "Vector", dimension: 4 };
const inMemory = { storageType: "InMemory", offlineStore: false };
const withFeature = (feature: object) => (raw: Raw) => {
  shoppers(inMemory)(raw);
  raw["centralStore"].featureGroups[0].features.push(feature);
};

describe("settings of a feature group's form", () => {
  const taken: [string, (raw: Raw) => void][] = [
    ["an Iceberg table", customers({ tableFormat: "Iceberg" })],
    ["a Glue table, said so", customers({ tableFormat: "Glue" })],
    [
      "an Iceberg table under a name of its own",
      customers({ tableFormat: "Iceberg", dataCatalog: { database: "features", table: "customers" } }),
    ],
    ["no table", customers({ disableGlueTableCreation: true })],
    ["an online store in memory", shoppers(inMemory)],
    ["an online store alone", shoppers({ offlineStore: false })],
    ["a vector in memory", withFeature(vector)],
    ["a list in memory", withFeature({ name: "tags", type: "String", collection: "List" })],
    [
      "provisioned throughput",
      shoppers({ throughput: { mode: "Provisioned", readCapacityUnits: 5, writeCapacityUnits: 2 } }),
    ],
    [
      "provisioned writes of an offline store alone",
      customers({ onlineStore: false, throughput: { mode: "Provisioned", writeCapacityUnits: 2 } }),
    ],
    ["throughput on demand, said so", shoppers({ ...inMemory, throughput: { mode: "OnDemand" } })],
  ];
  for (const [what, change] of taken)
    it(`take ${what}`, () => {
      expect(faultsOf(change)).to.deep.equal({});
    });

  const group = "centralStore.featureGroups[0]";
  const offline = "offlineStore.featureGroups[0]";
  const refused: [string, (raw: Raw) => void, string, RegExp][] = [
    [
      "memory beside an offline store",
      shoppers({ storageType: "InMemory" }),
      `${group}.storageType`,
      /set offlineStore: false/,
    ],
    [
      "memory where the offline store is the point",
      customers({ storageType: "InMemory" }),
      `${offline}.storageType`,
      /move the group to centralStore/,
    ],
    [
      "no offline store where it is the point",
      customers({ offlineStore: false }),
      `${offline}.offlineStore`,
      /move the group to centralStore/,
    ],
    [
      "no store at all",
      shoppers({ onlineStore: false, offlineStore: false }),
      `${group}.offlineStore`,
      /no store at all/,
    ],
    [
      "a storage type of no online store",
      shoppers({ onlineStore: false, storageType: "Standard" }),
      `${group}.storageType`,
      /onlineStore: false/,
    ],
    [
      "a table of no offline store",
      shoppers({ ...inMemory, tableFormat: "Iceberg" }),
      `${group}.tableFormat`,
      /offlineStore: false/,
    ],
    [
      "an Iceberg table that is not made",
      customers({ tableFormat: "Iceberg", disableGlueTableCreation: true }),
      `${offline}.disableGlueTableCreation`,
      /tableFormat: Glue/,
    ],
    ["a table of no format", customers({ tableFormat: "Hudi" }), `${offline}.tableFormat`, /Glue or Iceberg/],
    [
      "a table's name that Athena does not take",
      customers({ dataCatalog: { database: "features", table: "Customers" } }),
      `${offline}.dataCatalog.table`,
      /lower-case/,
    ],
    [
      "another catalog",
      customers({ dataCatalog: { catalog: "mine", database: "features", table: "customers" } }),
      `${offline}.dataCatalog.catalog`,
      /AwsDataCatalog/,
    ],
    [
      "one table for two groups",
      (raw) => {
        for (const each of raw["offlineStore"].featureGroups)
          each.dataCatalog = { database: "features", table: "all" };
      },
      "offlineStore.featureGroups[1].dataCatalog.table",
      /featureGroups\[0\], too/,
    ],
    [
      "a documented policy that does not reach the table's database",
      (raw) => {
        raw["policyMode"] = "documented";
        customers({ tableFormat: "Iceberg", dataCatalog: { database: "features", table: "customers" } })(raw);
      },
      `${offline}.dataCatalog.database`,
      /must be sagemaker_featurestore/,
    ],
    [
      "more Iceberg tables than the writer's policy has room for",
      (raw) => {
        const [first] = raw["offlineStore"].featureGroups;
        raw["offlineStore"].featureGroups = Array.from({ length: 100 }, (_, index) => ({
          ...first,
          name: `customers-of-a-region-${index}`,
          tableFormat: "Iceberg",
        }));
      },
      "offlineStore.featureGroups",
      /10,240: give fewer groups tableFormat: Iceberg/,
    ],
    [
      "a collection beside an offline store",
      (raw) => raw["centralStore"].featureGroups[0].features.push(vector),
      `${group}.features[5].collection`,
      /storageType: InMemory/,
    ],
    [
      "a vector without its dimension",
      withFeature({ ...vector, dimension: undefined }),
      `${group}.features[5].dimension`,
      /is missing/,
    ],
    [
      "a vector of texts",
      withFeature({ ...vector, type: "String" }),
      `${group}.features[5].type`,
      /Fractional/,
    ],
    [
      "a vector of too many numbers",
      withFeature({ ...vector, dimension: 8193 }),
      `${group}.features[5].dimension`,
      /1 to 8,192/,
    ],
    [
      "a dimension of a list",
      withFeature({ ...vector, collection: "List" }),
      `${group}.features[5].dimension`,
      /collection: Vector/,
    ],
    [
      "an identifier that is a collection",
      (raw) => {
        shoppers(inMemory)(raw);
        raw["centralStore"].featureGroups[0].features[0].collection = "Set";
      },
      `${group}.features[0].collection`,
      /recordIdentifier/,
    ],
    [
      "provisioned throughput in memory",
      shoppers({
        ...inMemory,
        throughput: { mode: "Provisioned", readCapacityUnits: 5, writeCapacityUnits: 2 },
      }),
      `${group}.throughput.mode`,
      /InMemory is OnDemand/,
    ],
    [
      "provisioned throughput without units",
      shoppers({ throughput: { mode: "Provisioned" } }),
      `${group}.throughput.readCapacityUnits`,
      /is missing/,
    ],
    [
      "units on demand",
      shoppers({ throughput: { mode: "OnDemand", writeCapacityUnits: 5 } }),
      `${group}.throughput.writeCapacityUnits`,
      /mode: Provisioned/,
    ],
    [
      "reads of no online store",
      customers({
        onlineStore: false,
        throughput: { mode: "Provisioned", readCapacityUnits: 1, writeCapacityUnits: 1 },
      }),
      `${offline}.throughput.readCapacityUnits`,
      /leave it out/,
    ],
    [
      "a consumer that reads offline what is online only",
      (raw) => Object.assign(raw["centralStore"].featureGroups[0], inMemory),
      "consumers.recommendations.access.shoppers",
      /no offline store/,
    ],
  ];
  for (const [what, change, path, words] of refused)
    it(`refuse ${what}`, () => {
      const faults = faultsOf(change);
      expect(faults).to.have.property(path);
      expect(faults[path]).to.match(words);
    });
});
