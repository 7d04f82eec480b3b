/**
 * The pure rules of records and of the Parquet files that they become. It does not prove that Athena reads the files: they are
 * read back with another library (hyparquet).
 */
import { expect } from "chai";
import * as fc from "fast-check";
import { AwsError } from "../../packages/sandbox/core";
import { fileName, parquetFile, partitionOf, type OfflineRow } from "../../packages/sandbox/formats/parquet";
import { open, seal } from "../../packages/sandbox/services/featurestore/sealing";
import { checkEventTime, checkRecord, expiry } from "../../packages/sandbox/services/featurestore/values";
import type { FeatureDefinition } from "../../packages/sandbox/core/featureGroups";

const features: FeatureDefinition[] = [
  { FeatureName: "id", FeatureType: "String" },
  { FeatureName: "time", FeatureType: "String" },
  { FeatureName: "count", FeatureType: "Integral" },
  { FeatureName: "score", FeatureType: "Fractional" },
  { FeatureName: "tags", FeatureType: "String", CollectionType: "Set" },
  {
    FeatureName: "vector",
    FeatureType: "Fractional",
    CollectionType: "Vector",
    CollectionConfig: { VectorConfig: { Dimension: 2 } },
  },
];
const group = { name: "customers", features, recordIdentifier: "id", eventTime: "time" };
const unixGroup = {
  ...group,
  features: features.map((f) =>
    f.FeatureName === "time" ? { ...f, FeatureType: "Fractional" as const } : f,
  ),
};
const time = "2024-05-06T07:08:09Z";
const record = (values: Record<string, string | string[]>) =>
  Object.entries(values).map(([FeatureName, value]) =>
    typeof value === "string"
      ? { FeatureName, ValueAsString: value }
      : { FeatureName, ValueAsStringList: value },
  );
const refused = (values: Record<string, string | string[]>) => {
  try {
    checkRecord(group, record(values));
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  }
  return "accepted";
};

describe("sandbox: a record", () => {
  it("is taken with its identifier, time and values", () => {
    const checked = checkRecord(group, record({ score: "1.5e3", id: "c-1", count: "-7", time }));
    expect(checked.identifier).to.equal("c-1");
    expect(new Date(checked.eventTime).toISOString()).to.equal("2024-05-06T07:08:09.000Z");
    expect(Object.keys(checked.values)).to.deep.equal(["id", "time", "count", "score"]);
  });

  it("needs identifier and event time, known features, each once", () => {
    expect(refused({ time })).to.match(/^ValidationError: .*record identifier feature id/);
    expect(refused({ id: "1" })).to.match(/^ValidationError: .*event time feature time/);
    expect(refused({ id: "", time })).to.contain("record identifier");
    expect(refused({ id: "1", time, other: "x" })).to.contain("other does not exist");
    expect(() => checkRecord(group, [...record({ id: "1", time }), ...record({ id: "2" })])).to.throw(
      "Duplicate",
    );
  });

  it("needs values that are of their type", () => {
    for (const count of ["1.0", "", "x", "9223372036854775808", "1e3", " 1"])
      expect(refused({ id: "1", time, count }), count).to.contain("cannot be parsed as Integral");
    for (const score of ["x", "", "NaN", "Infinity", "1e999", "0x10"])
      expect(refused({ id: "1", time, score }), score).to.contain("cannot be parsed as Fractional");
    expect(refused({ id: "1", time, count: "-9223372036854775808", score: ".5" })).to.equal("accepted");
  });

  it("takes lists for collections only, sets without repetition, vectors of their dimension", () => {
    expect(refused({ id: "1", time, tags: ["a", "b"], vector: ["1", "2.5"] })).to.equal("accepted");
    expect(refused({ id: "1", time, tags: ["a", "a"] })).to.contain("duplicate");
    expect(refused({ id: "1", time, vector: ["1"] })).to.contain("Dimension");
    expect(refused({ id: "1", time, tags: "a" })).to.contain("ValueAsStringList");
    expect(refused({ id: "1", time, count: ["1"] })).to.contain("ValueAsString");
  });

  it("has its event time in ISO 8601 or in Unix seconds", () => {
    expect(checkEventTime(group, "2024-05-06T07:08:09.123Z")).to.equal(Date.UTC(2024, 4, 6, 7, 8, 9, 123));
    for (const wrong of ["2024-05-06", "2024-05-06T07:08:09", "2024-02-30T00:00:00Z", "1714979289", "x"])
      expect(() => checkEventTime(group, wrong), wrong).to.throw("ISO-8601");
    expect(checkEventTime(unixGroup, "1714979289.5")).to.equal(1714979289500);
    for (const wrong of ["-1", "2024-05-06T07:08:09Z", "1e40"])
      expect(() => checkEventTime(unixGroup, wrong), wrong).to.throw("Unix time");
  });

  it("ends with its time to live", () => {
    expect(expiry(1000, { Unit: "Minutes", Value: 2 })).to.equal(121000);
    expect(expiry(1000, undefined)).to.equal(undefined);
  });

  it("is sealed against other keys and places", () => {
    const key = Buffer.alloc(32, 1);
    const sealed = seal(key, { a: 1 }, "here");
    expect(open(key, sealed, "here")).to.deep.equal({ a: 1 });
    expect(() => open(key, sealed, "there")).to.throw();
    expect(() => open(Buffer.alloc(32, 2), sealed, "here")).to.throw();
  });
});

describe("sandbox: an offline file", () => {
  const offline = features.filter(({ CollectionType }) => !CollectionType);

  it("lies in the partition of its event time, in UTC, under AWS's name", () => {
    const at = Date.UTC(2024, 0, 2, 3, 59, 59, 999);
    expect(partitionOf(at)).to.equal("year=2024/month=01/day=02/hour=03");
    expect(fileName(at, "rows")).to.match(/^20240102T035959Z_[A-Za-z0-9]{16}\.parquet$/);
    expect(fileName(at, "rows")).to.equal(fileName(at, "rows"));
    expect(fileName(at, "rows")).not.to.equal(fileName(at, "other rows"));
  });

  it("has the features with their types, and what Feature Store adds", async () => {
    const { parquetMetadata } = await import("hyparquet");
    const file = await parquetFile(
      offline,
      [{ eventTime: 0, invoked: 0, deleted: false, values: { id: "1" } }],
      0,
    );
    const { schema } = parquetMetadata(exactBuffer(file));
    expect(
      schema.slice(1).map(({ name, type, repetition_type }) => [name, type, repetition_type]),
    ).to.deep.equal([
      ["id", "BYTE_ARRAY", "OPTIONAL"],
      ["time", "BYTE_ARRAY", "OPTIONAL"],
      ["count", "INT64", "OPTIONAL"],
      ["score", "DOUBLE", "OPTIONAL"],
      ["write_time", "INT64", "OPTIONAL"],
      ["api_invocation_time", "INT64", "OPTIONAL"],
      ["is_deleted", "BOOLEAN", "OPTIONAL"],
    ]);
  });

  it("gives back every row that was written", async () => {
    const { parquetReadObjects } = await import("hyparquet");
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    const row = fc.record({
      eventTime: fc.nat(),
      invoked: fc.integer({ min: 0, max: 4e12 }),
      deleted: fc.boolean(),
      values: fc.record(
        {
          id: text,
          time: text,
          count: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
          score: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
        },
        { requiredKeys: ["id", "time"] },
      ),
    }) as fc.Arbitrary<OfflineRow>;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        const file = await parquetFile(offline, rows, 1700000000000);
        const read = await parquetReadObjects({ file: exactBuffer(file) });
        expect(read).to.deep.equal(
          rows.map(({ values, invoked, deleted }) => ({
            id: values["id"],
            time: values["time"],
            count: typeof values["count"] === "string" ? BigInt(values["count"]) : null,
            score: typeof values["score"] === "string" ? Number(values["score"]) : null,
            write_time: new Date(1700000000000),
            api_invocation_time: new Date(invoked),
            is_deleted: deleted,
          })),
        );
      }),
      { numRuns: 50 },
    );
  });
});

function exactBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
