/** The parts of Iceberg tables: Avro files, exact numbers, schemas that grow. It does not prove them against another implementation. */
import { expect } from "chai";
import fc from "fast-check";
import { byFieldId, readAvro, writeAvro, type AvroRecord } from "../../packages/sandbox/formats/iceberg/avro";
import { exactOf, exactText, parseExact } from "../../packages/sandbox/formats/iceberg/exactJson";
import {
  filesIn,
  listed,
  manifestListOf,
  manifestOf,
  manifestPath,
  manifestsIn,
} from "../../packages/sandbox/formats/iceberg/manifests";
import { firstSchema, firstSpec, widened } from "../../packages/sandbox/formats/iceberg/schema";

const feature = (FeatureName: string, FeatureType: "String" | "Integral" | "Fractional" = "String") => ({
  FeatureName,
  FeatureType,
});

describe("sandbox: the parts of Iceberg tables", () => {
  it("keep numbers of 64 bits in JSON, and texts that look like them (property)", () => {
    const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(long, fc.string({ unit: "binary" }), fc.double({ noNaN: true }), (id, text, double) => {
        const digits = `[-1, ${id}, "${id}"`;
        const source = `{"id":${id},"texts":${JSON.stringify([text, `${id}`, digits, '\\"'])},"double":${JSON.stringify(double)}}`;
        const parsed = parseExact(source) as {
          id: number | string;
          texts: string[];
          double: number | string;
        };
        expect(exactOf(parsed.id)).to.equal(id);
        expect(parsed.texts).to.deep.equal([text, `${id}`, digits, '\\"']);
        // A double without a fraction beyond 2^53 is written with digits alone, and so is kept as such.
        const number = typeof parsed.double === "string" ? Number(exactOf(parsed.double)) : parsed.double;
        expect(number).to.equal(JSON.parse(JSON.stringify(double)));
        expect(JSON.parse(exactText(parsed))).to.deep.equal(JSON.parse(source));
        expect(exactText(parsed)).to.contain(`"id":${id}`);
      }),
      {
        examples: [
          [0n, "", 4503572552808002],
          [2n ** 53n, "", 2 ** 60],
          [-(2n ** 63n), "", -1e20],
        ],
      },
    );
  });

  it("give Avro records back by field ID, whatever is in them (property)", async () => {
    const schema: AvroRecord = {
      type: "record",
      name: "r",
      fields: [
        { name: "id", type: "long", "field-id": 7 },
        { name: "text", type: ["null", "string"], default: null, "field-id": 9 },
        { name: "bytes", type: "bytes", "field-id": 11 },
      ],
    };
    const record = fc.record({
      id: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      text: fc.option(fc.string({ unit: "grapheme" })),
      bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 40 }), async (records) => {
        const file = await readAvro(await writeAvro(schema, { "format-version": "2" }, records));
        expect(file.schema).to.deep.equal(schema);
        expect(file.metadata).to.include({ "format-version": "2", "avro.codec": "deflate" });
        const found = file.records.map((each) => byFieldId(file.schema, each));
        expect(found.map((each) => [each.get(7), each.get(9), each.get(11)])).to.deep.equal(
          records.map(({ id, text, bytes }) => [id, text, bytes]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("name a file in a manifest and a manifest in a list, also under an event time that Avro cannot name", async () => {
    const group = { features: [feature("id"), feature("event-time")], eventTime: "event-time" };
    const schema = firstSchema(group.features);
    const spec = firstSpec(group, schema);
    expect(spec.fields[0]).to.deep.equal({
      "source-id": 2,
      "field-id": 1000,
      name: "event-time_trunc",
      transform: "truncate[10]",
    });
    const file = { path: "s3://b/data/x.parquet", size: 10, rows: 2, partition: "2024-01-01" };
    const id = 2n ** 62n + 1n;
    const manifest = await manifestOf(file, id, schema, spec);
    expect(await filesIn(manifest)).to.deep.equal([file.path]);
    const entry = listed({ path: "s3://b/metadata/m.avro", length: manifest.length, file }, spec, id, 3);
    const entries = await manifestsIn(await manifestListOf([entry], id, undefined, 3));
    expect(entries.map(manifestPath)).to.deep.equal(["s3://b/metadata/m.avro"]);
    expect(entries[0]?.get(503)).to.equal(id);
    // As it came, so that another list can have it too.
    const again = await manifestsIn(await manifestListOf(entries, id, id, 4));
    const plain = (each: (typeof entries)[number] | undefined) =>
      [...(each ?? [])].map(([field, value]) => [field, String(value)]);
    expect(again.map(plain)).to.deep.equal(entries.map(plain));
    expect(JSON.stringify(again[0]?.get(507))).to.equal(JSON.stringify(entries[0]?.get(507)));
  });

  it("fail for a file that is no Avro", async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from("PAR1 and more"), Buffer.from("Obj\u0001")]) {
      const failed = await readAvro(bytes).then(
        () => false,
        () => true,
      );
      expect(failed, bytes.toString()).to.equal(true);
    }
  });

  it("number new columns after all that ever were, and leave a schema that has them", () => {
    const schema = firstSchema([feature("id"), feature("age", "Integral")]);
    expect(schema.fields.map(({ id, name, type }) => [id, name, type])).to.deep.equal([
      [1, "id", "string"],
      [2, "age", "long"],
      [3, "write_time", "timestamp"],
      [4, "api_invocation_time", "timestamp"],
      [5, "is_deleted", "boolean"],
    ]);
    expect(widened(schema, [feature("ID"), feature("age", "Integral")], 5, 1)).to.equal(undefined);
    const wide = widened(schema, [feature("id"), feature("score", "Fractional")], 9, 1);
    expect(wide?.["schema-id"]).to.equal(1);
    expect(wide?.fields.at(-1)).to.deep.equal({ id: 10, name: "score", required: false, type: "double" });
  });
});
