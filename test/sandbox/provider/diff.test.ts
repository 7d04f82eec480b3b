/**
 * Diff: what counts as a change, where, and what makes a new resource. What it does not prove: that the real provider's
 * schema is the same for properties that are not listed here.
 */
import { expect } from "chai";
import fc from "fast-check";
import { changedProperties, changesOf, deletesFirst } from "../../../packages/sandbox/provider/diff";
import { same, sameJson } from "../../../packages/sandbox/provider/equal";
import { FAILED } from "../../../packages/sandbox/provider/resourceType";
import { resourceType } from "../../../packages/sandbox/provider/resources";
import { UNKNOWN, type Properties } from "../../../packages/sandbox/provider/values";

const ROLE = "aws:iam/role:Role";
const GROUP = "aws:sagemaker/featureGroup:FeatureGroup";

function diff(
  token: string,
  olds: Properties,
  news: Properties,
  state: Properties = {},
  provider?: Properties,
) {
  return changesOf(resourceType(token), {
    olds,
    news,
    state: { tagsAll: olds["tags"] ?? {}, ...state },
    provider: { defaultTags: {}, region: "eu-central-1", ...provider },
  }).map(({ path, kind, replace }) => `${kind}${replace ? "!" : ""} ${path}`);
}
const document = (...statements: unknown[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("provider: diff", () => {
  const replaced: [token: string, property: string, before: unknown, after: unknown][] = [
    [ROLE, "name", "a", "b"],
    [ROLE, "path", "/", "/x/"],
    ["aws:iam/rolePolicy:RolePolicy", "role", "a", "b"],
    ["aws:iam/rolePolicy:RolePolicy", "name", "a", "b"],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn", "a", "b"],
    ["aws:iam/policy:Policy", "description", "a", "b"],
    ["aws:s3/bucket:Bucket", "bucket", "a", "b"],
    ["aws:s3/bucketPolicy:BucketPolicy", "bucket", "a", "b"],
    ["aws:s3/bucketVersioning:BucketVersioning", "bucket", "a", "b"],
    ["aws:kms/key:Key", "keyUsage", "ENCRYPT_DECRYPT", "SIGN_VERIFY"],
    ["aws:kms/key:Key", "customerMasterKeySpec", "SYMMETRIC_DEFAULT", "RSA_2048"],
    ["aws:kms/alias:Alias", "name", "alias/a", "alias/b"],
    ["aws:athena/workgroup:Workgroup", "name", "a", "b"],
    [GROUP, "roleArn", "a", "b"],
    [GROUP, "description", "a", "b"],
  ];
  for (const [token, property, before, after] of replaced)
    it(`makes a new one when ${property} of ${token} changes`, () => {
      expect(diff(token, { [property]: before }, { [property]: after })).to.deep.equal([
        `update! ${property}`,
      ]);
    });

  const updated: [token: string, property: string, before: unknown, after: unknown][] = [
    [ROLE, "description", "a", "b"],
    [ROLE, "maxSessionDuration", 3600, 7200],
    ["aws:s3/bucket:Bucket", "forceDestroy", false, true],
    ["aws:kms/key:Key", "deletionWindowInDays", 7, 8],
    ["aws:kms/key:Key", "isEnabled", true, false],
    ["aws:kms/alias:Alias", "targetKeyId", "a", "b"],
    ["aws:athena/workgroup:Workgroup", "state", "ENABLED", "DISABLED"],
    ["aws:athena/workgroup:Workgroup", "forceDestroy", false, true],
  ];
  for (const [token, property, before, after] of updated)
    it(`changes ${property} of ${token} in place`, () => {
      expect(diff(token, { [property]: before }, { [property]: after })).to.deep.equal([
        `update ${property}`,
      ]);
    });

  it("tells where in a list or block a change is, and replaces a feature group whose features grow", () => {
    const features = (...names: string[]) => ({
      featureDefinitions: names.map((featureName) => ({ featureName })),
    });
    expect(diff(GROUP, features("a", "b"), features("a", "c"))).to.deep.equal([
      "update! featureDefinitions[1].featureName",
    ]);
    expect(diff(GROUP, features("a"), features("a", "b"))).to.deep.equal(["add! featureDefinitions[1]"]);
    const online = (value: number) => ({
      onlineStoreConfig: { enableOnlineStore: true, ttlDuration: { unit: "Days", value } },
    });
    expect(diff(GROUP, online(1), online(2))).to.deep.equal(["update onlineStoreConfig.ttlDuration.value"]);
    expect(diff(GROUP, {}, online(1))).to.deep.equal(["add! onlineStoreConfig"]);
  });

  it("replaces a feature group for another form of its stores and features, and updates its throughput", () => {
    const offline = (more: object) => ({
      offlineStoreConfig: { s3StorageConfig: { s3Uri: "s3://b" }, ...more },
    });
    const online = (more: object) => ({ onlineStoreConfig: { enableOnlineStore: true, ...more } });
    const feature = (dimension: number, collectionType = "Vector") => ({
      featureDefinitions: [
        { featureName: "v", collectionType, collectionConfig: { vectorConfig: { dimension } } },
      ],
    });
    expect(diff(GROUP, offline({}), offline({ tableFormat: "Glue" }))).to.deep.equal([]);
    expect(diff(GROUP, offline({ tableFormat: "Glue" }), offline({ tableFormat: "Iceberg" }))).to.deep.equal([
      "update! offlineStoreConfig.tableFormat",
    ]);
    expect(diff(GROUP, offline({}), offline({ disableGlueTableCreation: true }))).to.deep.equal([
      "add! offlineStoreConfig.disableGlueTableCreation",
    ]);
    expect(
      diff(GROUP, online({ storageType: "Standard" }), online({ storageType: "InMemory" })),
    ).to.deep.equal(["update! onlineStoreConfig.storageType"]);
    expect(diff(GROUP, online({ storageType: "Standard" }), online({}))).to.deep.equal([]);
    expect(diff(GROUP, feature(3), feature(4))).to.deep.equal([
      "update! featureDefinitions[0].collectionConfig.vectorConfig.dimension",
    ]);
    expect(diff(GROUP, feature(3), feature(3, "List"))).to.deep.equal([
      "update! featureDefinitions[0].collectionType",
    ]);
    const throughput = (throughputMode: string) => ({ throughputConfig: { throughputMode } });
    expect(diff(GROUP, throughput("OnDemand"), throughput("Provisioned"))).to.deep.equal([
      "update throughputConfig.throughputMode",
    ]);
  });

  it("takes what is empty, not set, or a default for one", () => {
    expect(diff(ROLE, { description: "" }, {})).to.deep.equal([]);
    expect(diff(ROLE, {}, { path: "/", maxSessionDuration: 3600 })).to.deep.equal([]);
    expect(diff(GROUP, { offlineStoreConfig: {} }, {})).to.deep.equal([]);
  });

  it("leaves a workgroup's settings where none are given any more, and not parts of them", () => {
    const configuration = { bytesScannedCutoffPerQuery: 20_000_000, executionRole: "a" };
    const token = "aws:athena/workgroup:Workgroup";
    expect(diff(token, { configuration }, {})).to.deep.equal([]);
    expect(diff(token, { configuration }, { configuration: { executionRole: "a" } })).to.deep.equal([
      "delete configuration.bytesScannedCutoffPerQuery",
    ]);
  });

  it("leaves what AWS filled in", () => {
    expect(diff("aws:kms/key:Key", { policy: document(), description: "a" }, {})).to.deep.equal([]);
    const stored = {
      s3StorageConfig: { s3Uri: "s3://b", resolvedOutputS3Uri: "s3://b/x" },
      dataCatalogConfig: { catalog: "c" },
    };
    expect(
      diff(
        GROUP,
        { offlineStoreConfig: stored },
        { offlineStoreConfig: { s3StorageConfig: { s3Uri: "s3://b" } } },
      ),
    ).to.deep.equal([]);
  });

  it("counts a value that is not known yet as a change", () => {
    expect(diff(GROUP, { roleArn: "a" }, { roleArn: UNKNOWN })).to.deep.equal(["update! roleArn"]);
  });

  it("takes a key's ID and its ARN for one", () => {
    expect(
      diff(
        "aws:kms/alias:Alias",
        { targetKeyId: "k-1" },
        { targetKeyId: "arn:aws:kms:eu-central-1:111111111111:key/k-1" },
      ),
    ).to.deep.equal([]);
  });

  it("sees changes of the provider's default tags and of its region", () => {
    const defaultTags = { team: "ml" };
    expect(diff(ROLE, {}, {}, { tagsAll: {} }, { defaultTags })).to.deep.equal(["add tagsAll.team"]);
    expect(diff(ROLE, {}, {}, { tagsAll: { team: "ml" } }, { defaultTags })).to.deep.equal([]);
    expect(diff("aws:kms/key:Key", {}, {}, { region: "us-east-1" })).to.deep.equal(["update! region"]);
    expect(diff(ROLE, {}, {}, { region: "us-east-1" }), "IAM has no region").to.deep.equal([]);
  });

  it("replaces a resource whose creation failed", () => {
    expect(diff(GROUP, {}, {}, { [FAILED]: "no such bucket" })).to.deep.equal(["update! featureGroupName"]);
  });

  it("deletes first where both would have the same ID", () => {
    const first = (token: string, olds: Properties, news: Properties) =>
      deletesFirst(resourceType(token), olds, news);
    const name = { featureGroupName: "a" };
    expect(first(GROUP, name, name)).to.equal(true);
    expect(first(GROUP, name, { featureGroupName: "b" })).to.equal(false);
    expect(first(ROLE, { name: "a" }, { name: "a", __defaults: [] }), "given").to.equal(true);
    expect(first(ROLE, { name: "a" }, { name: "a", __defaults: ["name"] }), "made anew").to.equal(false);
    expect(first("aws:kms/key:Key", {}, {}), "named by AWS").to.equal(false);
  });

  it("names top-level properties once", () => {
    const changes = changesOf(resourceType(GROUP), {
      olds: { featureDefinitions: [], tags: { a: "1" } },
      news: { featureDefinitions: [{ featureName: "a" }, { featureName: "b" }], tags: { a: "2" } },
      state: {},
    });
    expect(changedProperties(changes)).to.deep.equal(["featureDefinitions", "tags"]);
    expect(changedProperties(changes, true)).to.deep.equal(["featureDefinitions"]);
  });
});

describe("provider: policies that mean the same", () => {
  const a = { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*" };
  const b = { Effect: "Deny", Action: "s3:*", Resource: ["x", "y"] };
  const equal: [why: string, left: string, right: string][] = [
    ["in another order of statements", document(a, b), document(b, a)],
    ["in another order of keys", '{"A":1,"B":2}', '{"B":2,"A":1}'],
    [
      "in another order of actions",
      document(a),
      document({ ...a, Action: ["s3:PutObject", "s3:GetObject"] }),
    ],
    ["with one in a list", document({ ...a, Resource: ["*"] }), document(a)],
    [
      "with one statement outside a list",
      JSON.stringify({ Version: "2012-10-17", Statement: a }),
      document(a),
    ],
    ["with anyone as AWS", document({ ...a, Principal: "*" }), document({ ...a, Principal: { AWS: ["*"] } })],
    [
      "with an account as its root",
      document({ ...a, Principal: { AWS: "111111111111" } }),
      document({ ...a, Principal: { AWS: "arn:aws:iam::111111111111:root" } }),
    ],
    [
      "with flags as text",
      document({ ...a, Condition: { Bool: { "aws:SecureTransport": true } } }),
      document({ ...a, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    ],
  ];
  for (const [why, left, right] of equal)
    it(`takes them ${why}`, () => expect(sameJson(left, right)).to.equal(true));

  it("tells apart what differs", () => {
    expect(sameJson(document(a), document(b))).to.equal(false);
    expect(sameJson(document(a), document(a, b))).to.equal(false);
    expect(sameJson(document({ ...a, Sid: "a" }), document(a))).to.equal(false);
    expect(sameJson("{", "{")).to.equal(false);
  });

  it("takes any document for itself, and values whatever the order of their keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(sameJson(text, text)).to.equal(true);
        expect(same(value, reversed)).to.equal(true);
      }),
    );
  });
});
