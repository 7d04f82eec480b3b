// Table formats, storage types, throughput and collections: what is registered and granted for them. That AWS takes it is
// proven on the sandbox (test/sandbox/iceberg.test.ts, test/sandbox/inMemory.test.ts).
import type * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime/settings";
import { expect } from "chai";
import { Accounts } from "../../components/accounts";
import { metadataUnder } from "../../components/policies/iceberg";
import { parseSettings, type Settings } from "../../components/settings";
import { stages } from "../../components/stages";
import { devSettings, registering, settled, useMocks, type Registered } from "./support";

type Raw = { [key: string]: any };

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

  it("are known in a preview too where a group has no offline store, so that nobody downstream seems to change", async () => {
    const previewing = runtime as unknown as { _setIsDryRun(isPreview: boolean): void };
    previewing._setIsDryRun(true);
    try {
      const given = fold(settingsWith(withFeature(vector)));
      const groups = given["centralStore"]?.["featureGroups"] as unknown as { isKnown: Promise<boolean> };
      expect(await groups.isKnown).to.equal(true);
    } finally {
      previewing._setIsDryRun(false);
    }
  });

  it("name metadata under a prefix, and in a whole bucket", () => {
    expect(metadataUnder("arn:aws:s3:::b", "p/q")).to.equal("arn:aws:s3:::b/p/q/*/metadata/*");
    expect(metadataUnder("arn:aws:s3:::b", "")).to.equal("arn:aws:s3:::b/*/metadata/*");
  });
});
