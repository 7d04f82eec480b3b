/**
 * The pure rules of a feature group: shapes, features, keys among them, and where its offline store lies.
 * It does not prove that AWS words each refusal the same: where no text of AWS is known, the sandbox has its own.
 */
import { expect } from "chai";
import { AwsError } from "../../packages/sandbox/core";
import {
  checkFeatures,
  checkKeyFeatures,
  checkThroughput,
} from "../../packages/sandbox/services/sagemaker/definitions";
import { shapes } from "../../packages/sandbox/services/sagemaker/model";
import {
  parseS3Uri,
  resolvedUri,
  tableName,
} from "../../packages/sandbox/services/sagemaker/offlineLocation";
import { pageOf } from "../../packages/sandbox/protocol/pages";
import { checked } from "../../packages/sandbox/protocol/shape";
import type { FeatureDefinition } from "../../packages/sandbox/core/featureGroups";
import { namePattern } from "../../packages/sandbox/services/glue/tables";
import { partitionFilter } from "../../packages/sandbox/services/glue/partitionFilter";

const feature = (
  FeatureName: string,
  FeatureType: FeatureDefinition["FeatureType"] = "String",
  more: Partial<FeatureDefinition> = {},
): FeatureDefinition => ({ FeatureName, FeatureType, ...more });

const request = (more: object = {}) => ({
  FeatureGroupName: "customers",
  RecordIdentifierFeatureName: "id",
  EventTimeFeatureName: "time",
  FeatureDefinitions: [feature("id"), feature("time")],
  ...more,
});

function fault(step: () => unknown): AwsError {
  try {
    step();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("a refusal was expected");
}

const messageOf = (input: object) => fault(() => checked(shapes.CreateFeatureGroup, input)).message;

describe("sandbox: a feature group's request", () => {
  it("takes what has the shape", () => {
    expect(checked(shapes.CreateFeatureGroup, request())).to.deep.equal(request());
  });

  it("tells every broken constraint, as AWS does", () => {
    expect(messageOf(request({ FeatureGroupName: "-customers" }))).to.equal(
      "1 validation error detected: Value '-customers' at 'featureGroupName' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$",
    );
    expect(messageOf(request({ FeatureDefinitions: [feature("a b", "Integer" as "Integral")] }))).to.equal(
      "2 validation errors detected: Value 'a b' at 'featureDefinitions.1.member.featureName' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$; " +
        "Value 'Integer' at 'featureDefinitions.1.member.featureType' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [Integral, Fractional, String]",
    );
    expect(messageOf(request({ FeatureGroupName: undefined }))).to.contain(
      "Value null at 'featureGroupName' failed to satisfy constraint: Member must not be null",
    );
    expect(messageOf(request({ FeatureGroupName: "x".repeat(65) }))).to.contain(
      "Member must have length less than or equal to 64",
    );
  });

  it("limits features to 2,500 and tags to 50", () => {
    const features = Array.from({ length: 2501 }, (_, index) => feature(`f${index}`));
    expect(messageOf(request({ FeatureDefinitions: features }))).to.contain("less than or equal to 2500");
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
    expect(messageOf(request({ Tags }))).to.contain("less than or equal to 50");
  });

  it("refuses values of another JSON type", () => {
    expect(fault(() => checked(shapes.CreateFeatureGroup, request({ FeatureGroupName: 7 }))).code).to.equal(
      "SerializationException",
    );
  });

  it("refuses reserved and repeated feature names, in any case", () => {
    for (const name of ["is_deleted", "write_time", "api_invocation_time", "Write_Time"])
      expect(fault(() => checkFeatures([feature(name)], undefined)).message).to.contain("reserved");
    expect(fault(() => checkFeatures([feature("a"), feature("A")], undefined)).message).to.contain(
      "Duplicate",
    );
    expect(fault(() => checkFeatures([feature("b")], undefined, [feature("b")])).message).to.contain(
      "Duplicate",
    );
  });

  it("allows collections with an InMemory store only, and vectors with their dimension", () => {
    const tags = feature("tags", "String", { CollectionType: "Set" });
    expect(() => checkFeatures([tags], "InMemory")).not.to.throw();
    expect(fault(() => checkFeatures([tags], "Standard")).message).to.contain("InMemory");
    const vector = feature("v", "Fractional", { CollectionType: "Vector" });
    expect(fault(() => checkFeatures([vector], "InMemory")).message).to.contain("VectorConfig");
    const whole = { ...vector, CollectionConfig: { VectorConfig: { Dimension: 3 } } };
    expect(() => checkFeatures([whole], "InMemory")).not.to.throw();
  });

  it("wants record identifier and event time among the features, the time as String or Fractional", () => {
    const features = [feature("id"), feature("time", "Fractional"), feature("n", "Integral")];
    expect(() => checkKeyFeatures(features, "id", "time")).not.to.throw();
    expect(fault(() => checkKeyFeatures(features, "ID", "time")).message).to.contain("RecordIdentifier");
    expect(fault(() => checkKeyFeatures(features, "id", "n")).message).to.contain("Fractional or String");
  });

  it("wants capacity units with Provisioned, and only there", () => {
    expect(fault(() => checkThroughput({ ThroughputMode: "Provisioned" })).message).to.contain("required");
    expect(
      fault(() => checkThroughput({ ThroughputMode: "OnDemand", ProvisionedReadCapacityUnits: 1 })).message,
    ).to.contain("only allowed");
  });

  it("knows where the offline store lies", () => {
    const place = {
      account: "111111111111",
      region: "eu-central-1",
      name: "Customer-Orders",
      created: "2024-01-02T03:04:05.678Z",
    };
    const resolved = (uri: string) => resolvedUri(parseS3Uri(uri) ?? { bucket: "", prefix: "" }, place);
    const tail = "111111111111/sagemaker/eu-central-1/offline-store/Customer-Orders-1704164645/data";
    expect(resolved("s3://my-bucket/a/b/")).to.equal(`s3://my-bucket/a/b/${tail}`);
    expect(resolved("s3://my-bucket")).to.equal(`s3://my-bucket/${tail}`);
    expect(tableName(place)).to.equal("customer_orders_1704164645");
    expect(parseS3Uri("https://my-bucket.s3.amazonaws.com/x")).to.equal(undefined);
    expect(parseS3Uri("s3://My_Bucket/x")).to.equal(undefined);
  });

  it("pages through a list, and refuses a token that it did not give", () => {
    const first = pageOf([1, 2, 3, 4, 5], undefined, 2);
    const second = pageOf([1, 2, 3, 4, 5], first.next, 2);
    const last = pageOf([1, 2, 3, 4, 5], second.next, 2);
    expect([first.items, second.items, last.items]).to.deep.equal([[1, 2], [3, 4], [5]]);
    expect(last.next).to.equal(undefined);
    expect(fault(() => pageOf([1], "nonsense", 2)).message).to.contain("NextToken");
  });

  it("matches Glue's name patterns and partition expressions", () => {
    expect(
      ["orders_1", "orders", "my_orders"].filter((name) => namePattern("orders*").test(name)),
    ).to.deep.equal(["orders_1", "orders"]);
    expect(namePattern("a.*|b").test("b")).to.equal(true);
    const keys = [
      { Name: "year", Type: "string" },
      { Name: "n", Type: "int" },
    ];
    const test = partitionFilter(keys, "year = '2024' AND n >= 9");
    expect(test(["2024", "10"])).to.equal(true);
    expect(test(["2024", "8"])).to.equal(false);
    expect(fault(() => partitionFilter(keys, "year LIKE '2%'")).code).to.equal("InvalidInputException");
    expect(fault(() => partitionFilter(keys, "month = '1'")).message).to.contain("partition key");
  });
});
