/**
 * Changes of an Iceberg table: each file once, whatever is repeated, at once, or changed by others meanwhile. S3 and Glue are played:
 * what they really permit is in iceberg.test.ts.
 */
import { expect } from "chai";
import type { Call, OfflineTable, World } from "../../packages/sandbox/core";
import {
  changeIcebergTable,
  createIcebergTable,
  icebergSchema,
} from "../../packages/sandbox/services/featurestore/icebergTable";
import { liveFiles, UnreadableTable } from "../../packages/sandbox/formats/iceberg/reading";
import {
  currentSnapshot,
  parseMetadata,
  type TableMetadata,
} from "../../packages/sandbox/formats/iceberg/metadata";
import type { FeatureGroup } from "../../packages/sandbox/core/featureGroups";

const role = { region: "us-east-1" } as Call;
const base = "s3://b/store/people-1700000000";
const file = (name: string, rows = 1) => ({
  path: `${base}/data/${name}.parquet`,
  size: 100,
  rows,
  partition: "2024-01-01",
});

/** A table whose files are in memory. */
class Bench {
  readonly objects = new Map<string, Buffer>();
  location = "";
  columns: OfflineTable["columns"] = [];
  /** Called once before the next object is written. */
  meanwhile: (() => Promise<void>) | undefined;

  readonly group = {
    id: Math.random().toString(),
    features: [
      { FeatureName: "id", FeatureType: "String" },
      { FeatureName: "time", FeatureType: "String" },
    ],
    eventTime: "time",
    offline: { S3StorageConfig: { S3Uri: "s3://b/store", ResolvedOutputS3Uri: `${base}/data` } },
  } as unknown as FeatureGroup;

  readonly change = {
    group: this.group,
    role,
    catalog: role,
    table: { account: "111111111111", database: "db", name: "people", location: base },
  };

  readonly world = {
    now: () => new Date(),
    services: {
      s3: {
        getObject: (_: Call, bucket: string, key: string) =>
          Promise.resolve(this.objects.get(`s3://${bucket}/${key}`) ?? Buffer.from("gone")),
        putObject: async (_: Call, { bucket, key, body }: { bucket: string; key: string; body: Buffer }) => {
          const once = this.meanwhile;
          this.meanwhile = undefined;
          await once?.();
          this.objects.set(`s3://${bucket}/${key}`, body);
          return { etag: "" };
        },
      },
      glue: {
        metadataLocation: () => this.location,
        createOfflineTable: (_: Call, table: OfflineTable) => this.keep(table),
        updateOfflineTable: (_: Call, table: OfflineTable) => this.keep(table),
      },
    },
  } as unknown as World;

  private keep({ iceberg, columns }: OfflineTable): void {
    this.location = iceberg?.metadataLocation ?? "";
    this.columns = columns;
  }

  metadata(): TableMetadata {
    return parseMetadata((this.objects.get(this.location) ?? Buffer.alloc(0)).toString());
  }
  add = (...names: string[]) =>
    changeIcebergTable(
      this.world,
      this.change,
      names.map((name) => file(name)),
    );
  async files(): Promise<string[]> {
    const live = await liveFiles(this.world, role, this.location);
    return live.map((path) => path.slice(`${base}/data/`.length, -".parquet".length)).sort();
  }
}

describe("sandbox: changes of an Iceberg table", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench();
    await createIcebergTable(bench.world, bench.change);
  });

  it("begin with a table without data", async () => {
    expect(await bench.files()).to.deep.equal([]);
    expect(bench.metadata()).to.include({ "format-version": 2, location: base, "last-sequence-number": 0 });
    expect(bench.location).to.match(/\/metadata\/00000-[0-9a-f-]+\.metadata\.json$/);
  });

  it("add files, and tell of each snapshot what it added and what there is", async () => {
    await bench.add("a", "b");
    await bench.add("c");
    expect(await bench.files()).to.deep.equal(["a", "b", "c"]);
    const metadata = bench.metadata();
    expect(metadata.snapshots?.map((snapshot) => snapshot["sequence-number"])).to.deep.equal([1, 2]);
    expect(currentSnapshot(metadata)?.summary).to.deep.include({
      operation: "append",
      "added-data-files": "1",
      "total-data-files": "3",
      "total-records": "3",
    });
    expect(metadata["metadata-log"]).to.have.length(2);
  });

  it("have a file once that is added again, as after a crash, alone or with others", async () => {
    await bench.add("a");
    const { location } = bench;
    await bench.add("a");
    expect(bench.location).to.equal(location);
    await bench.add("a", "b");
    expect(await bench.files()).to.deep.equal(["a", "b"]);
    expect(bench.metadata().snapshots).to.have.length(2);
  });

  it("come one after the other, however many are asked for at once", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `f${index}`);
    await Promise.all(names.map((name) => bench.add(name)));
    expect(await bench.files()).to.deep.equal(names);
  });

  it("are repeated when another writer was faster, whose change stays", async () => {
    // Another writer is not in this one's line: as another group's change it goes past it.
    const other = { ...bench.change, group: { ...bench.group, id: "other" } };
    bench.meanwhile = () => changeIcebergTable(bench.world, other, [file("theirs")]);
    await bench.add("ours");
    expect(await bench.files()).to.deep.equal(["ours", "theirs"]);
  });

  it("give new features columns, with the files or before them", async () => {
    await bench.add("a");
    bench.group.features = [...bench.group.features, { FeatureName: "Colour", FeatureType: "String" }];
    expect((await icebergSchema(bench.world, bench.change)).fields.at(-1)).to.include({
      id: 6,
      name: "Colour",
    });
    await bench.add();
    expect(bench.columns.at(-1)).to.deep.include({ name: "colour", type: "string" });
    expect(bench.metadata()["current-schema-id"]).to.equal(1);
    await bench.add("b");
    expect(currentSnapshot(bench.metadata())?.["schema-id"]).to.equal(1);
    expect(await bench.files()).to.deep.equal(["a", "b"]);
  });

  const broken: [string, (bench: Bench) => void, RegExp][] = [
    [
      "metadata that is none",
      ({ objects, location }) => objects.set(location, Buffer.from("{")),
      /metadata\.json: /,
    ],
    [
      "metadata of another version",
      ({ objects, location }) => objects.set(location, Buffer.from('{"format-version":1}')),
      /format version is 1/,
    ],
    [
      "a manifest list that is gone",
      ({ objects }) =>
        [...objects.keys()].filter((key) => key.includes("snap-")).forEach((key) => objects.delete(key)),
      /snap-/,
    ],
    [
      "a location that is no object",
      (each) => (each.location = "file:///etc/passwd"),
      /not the URI of an S3 object/,
    ],
  ];
  for (const [what, breakIt, words] of broken)
    it(`say what is wrong with ${what}`, async () => {
      await bench.add("a");
      breakIt(bench);
      const error = await bench.add("b").then(
        () => undefined,
        (each: unknown) => each,
      );
      expect(error).to.be.instanceOf(UnreadableTable);
      expect((error as Error).message).to.match(words);
    });
});
