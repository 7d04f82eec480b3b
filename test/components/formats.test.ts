// Table formats, storage types, throughput and collections: what the settings take, and what is registered and granted for
// them. That AWS takes it is proven on the sandbox (test/sandbox/iceberg.test.ts, test/sandbox/inMemory.test.ts).
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Accounts } from "../../components/accounts";
import { metadataUnder } from "../../components/policies/iceberg";
import { parseSettings, SettingsError, type Settings } from "../../components/settings";
import { stages } from "../../components/stages";
import { devSettings, registering, settled, useMocks, type Registered } from "./support";

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
    return Object.fromEntries(error.faults.map(({ path, message }) => [path, message]));
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
      /featureGroups\[0\] too/,
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

/** All stages in one stack, as index.ts runs them. */
function fold(settings: Settings): Record<string, Record<string, pulumi.Output<unknown>>> {
  const accounts = new Accounts(settings);
  const given: Record<string, Record<string, pulumi.Output<unknown>>> = {};
  for (const stage of stages(settings)) given[stage.name] = stage.program({ settings, accounts }, given);
  return given;
}
const settingsWith = (change: (raw: Raw) => void) => {
  const raw: Raw = devSettings();
  change(raw);
  return parseSettings(raw);
};
const groupNamed = (all: readonly Registered[], name: string) =>
  all.find(({ inputs }) => inputs["featureGroupName"] === name)?.inputs as Raw;
const policyNamed = (all: readonly Registered[], name: string): Raw =>
  JSON.parse(String(all.find((each) => each.name === name)?.inputs["policy"])) as Raw;
const statementOf = ({ Statement }: Raw, sid: string): Raw | undefined =>
  (Statement as Raw[]).find(({ Sid }) => String(Sid) === sid);

describe("stages with formats", () => {
  before(useMocks);

  it("send what is set, and nothing that is not", async () => {
    const all = await registering(() =>
      fold(
        settingsWith((raw) => {
          customers({
            tableFormat: "Iceberg",
            dataCatalog: { database: "features", table: "customers" },
            throughput: { mode: "Provisioned", readCapacityUnits: 5, writeCapacityUnits: 2 },
          })(raw);
          withFeature(vector)(raw);
        }),
      ),
    );
    const iceberg = groupNamed(all, "customers");
    expect(iceberg["offlineStoreConfig"]).to.deep.include({
      tableFormat: "Iceberg",
      dataCatalogConfig: { catalog: "AwsDataCatalog", database: "features", tableName: "customers" },
    });
    expect(iceberg["throughputConfig"]).to.deep.equal({
      throughputMode: "Provisioned",
      provisionedReadCapacityUnits: 5,
      provisionedWriteCapacityUnits: 2,
    });
    const memory = groupNamed(all, "shoppers");
    expect(memory["offlineStoreConfig"]).to.equal(undefined);
    expect(memory["onlineStoreConfig"]).to.include({ enableOnlineStore: true, storageType: "InMemory" });
    expect(memory["featureDefinitions"].at(-1)).to.deep.equal({
      featureName: "embedding",
      featureType: "Fractional",
      collectionType: "Vector",
      collectionConfig: { vectorConfig: { dimension: 4 } },
    });
    const plain = groupNamed(all, "orders");
    expect(plain).to.not.have.any.keys("throughputConfig");
    expect(plain["onlineStoreConfig"]).to.not.have.any.keys("storageType");
    expect(plain["offlineStoreConfig"]).to.have.all.keys("s3StorageConfig");
    expect(plain["featureDefinitions"][0]).to.have.all.keys("featureName", "featureType");
  });

  it("grant what Iceberg needs on both sides of the border, and only where a table is Iceberg", async () => {
    const glue = ["catalog", "database/sagemaker_featurestore"].map(
      (part) => `arn:aws:glue:us-east-1:111111111111:${part}`,
    );
    const table = "arn:aws:glue:us-east-1:111111111111:table/sagemaker_featurestore/customers_??????????";
    const metadata = "arn:aws:s3:::shop-offline-store-sagemaker-dev/features/*/metadata/*";
    const all = await registering(() => fold(settingsWith(customers({ tableFormat: "Iceberg" }))));
    const writer = policyNamed(all, "feature-groups-access");
    expect(statementOf(writer, "UpdateTables")).to.deep.include({
      Action: ["glue:GetTable", "glue:UpdateTable"],
      Resource: [...glue, table],
    });
    expect(statementOf(writer, "ReadTableMetadata")).to.deep.include({
      Action: "s3:GetObject",
      Resource: metadata,
      Condition: { StringEquals: { "aws:ResourceAccount": "222222222222" } },
    });
    expect(statementOf(writer, "DecryptTableMetadata")).to.deep.include({
      Action: "kms:Decrypt",
      Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    });
    expect(
      statementOf(policyNamed(all, "offline-bucket-policy"), "S3CrossAccountMetadataRead"),
    ).to.deep.include({
      Principal: { AWS: ["arn:aws:iam::111111111111:role/writer-role"] },
      Resource: metadata,
    });
    const central = policyNamed(all, "central-store-access");
    for (const sid of ["UpdateTables", "ReadTableMetadata", "DecryptTableMetadata"])
      expect(statementOf(central, sid), sid).to.equal(undefined);
    const none = await registering(() => fold(settingsWith(() => undefined)));
    for (const name of ["feature-groups-access", "offline-bucket-policy"])
      expect(JSON.stringify(policyNamed(none, name)), name).to.not.match(/metadata|glue:/i);
  });

  it("let a consumer read an Iceberg table's metadata, and nothing offline of a group in memory", async () => {
    const contracts: Raw[] = [];
    const all = await registering(async () => {
      const given = fold(
        settingsWith((raw) => {
          raw["centralStore"].featureGroups[0].tableFormat = "Iceberg";
          Object.assign(raw["centralStore"].featureGroups[1], inMemory);
          raw["consumers"]["fraud-scoring"].access.payments = ["readOnline", "write"];
        }),
      );
      contracts.push((await settled(given)) as Raw);
    });
    const read = statementOf(policyNamed(all, "cross-account-recommendations-access"), "ReadOffline");
    const objects = (part: string) =>
      `arn:aws:s3:::shop-central-store-sagemaker-dev/central/111111111111/sagemaker/us-east-1/offline-store/shoppers-1/${part}/*`;
    expect(read?.["Resource"]).to.deep.equal([objects("data"), objects("metadata")]);
    const groups = contracts[0]?.["centralStore"].featureGroups as Raw;
    expect(groups["payments"]).to.have.all.keys("name", "arn");
    expect(groups["shoppers"]).to.include.keys("s3Uri", "table");
    const memory = JSON.stringify(policyNamed(all, "cross-account-fraud-scoring-access"));
    expect(memory).to.not.match(/athena|glue|offline-store/);
  });

  it("name metadata under a prefix, and in a whole bucket", () => {
    expect(metadataUnder("arn:aws:s3:::b", "p/q")).to.equal("arn:aws:s3:::b/p/q/*/metadata/*");
    expect(metadataUnder("arn:aws:s3:::b", "")).to.equal("arn:aws:s3:::b/*/metadata/*");
  });
});
