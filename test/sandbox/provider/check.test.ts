/**
 * Check: defaults, names, types and refusals. What it does not prove: that the real provider words its refusals the
 * same, or that AWS takes what passes (engine.test.ts, on the sandbox).
 */
import { expect } from "chai";
import { checkInputs } from "../../../packages/sandbox/provider/check";
import { resourceType } from "../../../packages/sandbox/provider/resources";
import { UNKNOWN, type Properties } from "../../../packages/sandbox/provider/values";

const TRUST = '{"Version":"2012-10-17","Statement":[]}';
const SEED = new Uint8Array([1, 2, 3]);

function check(token: string, news: Properties, more: { olds?: Properties; seed?: Uint8Array } = {}) {
  const { olds = {}, seed = SEED } = more;
  return checkInputs(resourceType(token), { logicalName: "Writer", olds, news, seed });
}
const ROLE = "aws:iam/role:Role";
const BUCKET = "aws:s3/bucket:Bucket";
const GROUP = "aws:sagemaker/featureGroup:FeatureGroup";
const group = {
  featureGroupName: "customers",
  recordIdentifierFeatureName: "id",
  eventTimeFeatureName: "at",
  featureDefinitions: [{ featureName: "id", featureType: "String" }],
  roleArn: "arn:aws:iam::111111111111:role/writer",
};
const failuresOf = (token: string, news: Properties) =>
  check(token, news).failures.map(({ property, reason }) => `${property}: ${reason}`);

describe("provider: check", () => {
  it("fills in a role's defaults, and names those that the program did not give", () => {
    const { inputs, failures } = check(ROLE, { assumeRolePolicy: TRUST });
    expect(failures).to.deep.equal([]);
    expect(inputs).to.include({ maxSessionDuration: 3600, path: "/", forceDetachPolicies: false });
    expect(inputs["__defaults"]).to.deep.equal(["forceDetachPolicies", "maxSessionDuration", "name", "path"]);
  });

  it("fills in defaults inside blocks", () => {
    const { inputs } = check(GROUP, {
      ...group,
      onlineStoreConfig: {},
      offlineStoreConfig: { s3StorageConfig: { s3Uri: "s3://b" } },
    });
    expect(inputs["onlineStoreConfig"]).to.deep.equal({ enableOnlineStore: false });
    expect(inputs["offlineStoreConfig"]).to.deep.equal({
      s3StorageConfig: { s3Uri: "s3://b" },
      tableFormat: "Glue",
    });
  });

  it("takes the name of a region, and none where the type belongs to none", () => {
    expect(failuresOf(BUCKET, { region: "eu-west-1" })).to.deep.equal([]);
    expect(failuresOf(BUCKET, { region: "us-gov-west-1" })).to.deep.equal([]);
    expect(failuresOf(BUCKET, { region: UNKNOWN })).to.deep.equal([]);
    for (const region of ["", "europe", "eu-west", "eu-west-1a"])
      expect(failuresOf(BUCKET, { region }), region).to.deep.equal([
        `region: invalid value for region (the name of an AWS region, such as eu-central-1), got ${region}`,
      ]);
    expect(failuresOf(ROLE, { assumeRolePolicy: TRUST, region: "eu-west-1" })).to.have.length(1);
  });

  describe("names", () => {
    it("makes LOGICAL-7 hex digits, the same from the same seed", () => {
      const names = [1, 1, 2].map(
        (byte) => check(ROLE, { assumeRolePolicy: TRUST }, { seed: new Uint8Array([byte]) }).inputs["name"],
      );
      expect(names[0])
        .to.match(/^Writer-[0-9a-f]{7}$/)
        .and.equal(names[1]);
      expect(names[2]).to.not.equal(names[0]);
    });
    it("makes a bucket's in lower case, and an alias's behind alias/", () => {
      expect(check(BUCKET, {}).inputs["bucket"]).to.match(/^writer-[0-9a-f]{7}$/);
      expect(check("aws:kms/alias:Alias", { targetKeyId: "k" }).inputs["name"]).to.match(
        /^alias\/Writer-[0-9a-f]{7}$/,
      );
    });
    it("keeps a name that was made, and not one that was given", () => {
      const made = { name: "Writer-1234567", __defaults: ["name"] };
      const { inputs } = check(ROLE, { assumeRolePolicy: TRUST }, { olds: made });
      expect(inputs["name"]).to.equal("Writer-1234567");
      const given = { name: "Writer-1234567", __defaults: [] };
      expect(check(ROLE, { assumeRolePolicy: TRUST }, { olds: given }).inputs["name"]).to.not.equal(
        "Writer-1234567",
      );
    });
    it("starts with the prefix that is given, and takes no name beside it", () => {
      expect(check(ROLE, { assumeRolePolicy: TRUST, namePrefix: "ml-" }).inputs["name"]).to.match(
        /^ml-[0-9a-f]{7}$/,
      );
      expect(failuresOf(ROLE, { assumeRolePolicy: TRUST, name: "a", namePrefix: "b" })).to.deep.equal([
        'name: Conflicting configuration arguments: "name": conflicts with namePrefix',
      ]);
    });
    it("refuses a logical name that leaves no room", () => {
      const { failures } = checkInputs(resourceType(ROLE), {
        logicalName: "x".repeat(60),
        olds: {},
        news: { assumeRolePolicy: TRUST },
        seed: SEED,
      });
      expect(failures.map(({ reason }) => reason).join()).to.include("longer than maximum length 64");
    });
    it("follows the engine's own naming", () => {
      const ask = (mode: "propose" | "enforce" | "disable") =>
        checkInputs(resourceType(ROLE), {
          logicalName: "Writer",
          olds: {},
          news: { assumeRolePolicy: TRUST },
          seed: SEED,
          naming: { mode, proposed: "dev-Writer" },
        });
      expect(ask("propose").inputs["name"]).to.equal("dev-Writer");
      expect(ask("enforce").inputs["name"]).to.equal("dev-Writer");
      expect(ask("disable").failures[0]?.reason).to.include("automatic naming is disabled");
    });
  });

  describe("types", () => {
    it("takes a policy as an object, and lets it be unknown as a whole if a part is", () => {
      const { inputs } = check(ROLE, { assumeRolePolicy: { Version: "2012-10-17", Statement: [] } });
      expect(inputs["assumeRolePolicy"]).to.equal(TRUST);
      const partly = { Version: "2012-10-17", Statement: [{ Resource: UNKNOWN }] };
      expect(check(ROLE, { assumeRolePolicy: partly }).inputs["assumeRolePolicy"]).to.equal(UNKNOWN);
    });
    it("takes numbers and flags as text, and text as numbers, as @pulumi/aws does", () => {
      const { inputs } = check(ROLE, {
        assumeRolePolicy: TRUST,
        maxSessionDuration: "7200",
        forceDetachPolicies: "true",
        description: 7,
        tags: { n: 1 },
      });
      expect(inputs).to.deep.include({
        maxSessionDuration: 7200,
        forceDetachPolicies: true,
        description: "7",
        tags: { n: "1" },
      });
    });
    it("lets unknowns pass anywhere", () => {
      expect(
        failuresOf(GROUP, {
          ...group,
          featureGroupName: UNKNOWN,
          featureDefinitions: UNKNOWN,
          onlineStoreConfig: { ttlDuration: { value: UNKNOWN, unit: UNKNOWN } },
          tags: UNKNOWN,
        }),
      ).to.deep.equal([]);
    });
    it("refuses what has another type, by its path", () => {
      expect(
        failuresOf(GROUP, { ...group, featureDefinitions: [{ featureName: "id" }, "at"] }),
      ).to.deep.equal(["featureDefinitions[1]: expected an object for featureDefinitions[1], got string"]);
    });
  });

  describe("refusals", () => {
    const cases: [why: string, token: string, news: Properties, at: string, words: string][] = [
      ["what is missing", ROLE, {}, "assumeRolePolicy", "Missing required argument"],
      [
        "a part that is missing",
        GROUP,
        { ...group, offlineStoreConfig: {} },
        "offlineStoreConfig.s3StorageConfig",
        "Missing required",
      ],
      [
        "a policy that is no JSON",
        ROLE,
        { assumeRolePolicy: "{" },
        "assumeRolePolicy",
        "invalid JSON policy",
      ],
      [
        "a policy that is no object",
        ROLE,
        { assumeRolePolicy: "[]" },
        "assumeRolePolicy",
        "invalid JSON policy",
      ],
      [
        "an input it does not have",
        ROLE,
        { assumeRolePolicy: TRUST, inlinePolicies: [] },
        "inlinePolicies",
        "SANDBOX_PROVIDER=aws",
      ],
      [
        "a part it does not have",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        { bucket: "b", rules: [{ id: "a", status: "Enabled", transitions: [] }] },
        "rules[0].transitions",
        "does not implement",
      ],
      [
        "what has its own resource",
        BUCKET,
        { versioning: { enabled: true } },
        "versioning",
        "use aws.s3.BucketVersioning",
      ],
      [
        "a session of a day",
        ROLE,
        { assumeRolePolicy: TRUST, maxSessionDuration: 86_400 },
        "maxSessionDuration",
        "range (3600 - 43200)",
      ],
      [
        "a role's long name",
        ROLE,
        { assumeRolePolicy: TRUST, name: "x".repeat(65) },
        "name",
        "range (1 - 64)",
      ],
      [
        "a key's short wait",
        "aws:kms/key:Key",
        { deletionWindowInDays: 6 },
        "deletionWindowInDays",
        "range (7 - 30)",
      ],
      ["a key's unknown use", "aws:kms/key:Key", { keyUsage: "ANY" }, "keyUsage", "to be one of"],
      [
        "AWS's own alias",
        "aws:kms/alias:Alias",
        { name: "alias/aws/s3", targetKeyId: "k" },
        "name",
        "reserved",
      ],
      [
        "an alias without its start",
        "aws:kms/alias:Alias",
        { name: "x", targetKeyId: "k" },
        "name",
        "alias/",
      ],
      ["a bucket in capitals", BUCKET, { bucket: "Bucket" }, "bucket", "lowercase"],
      ["a bucket as an address", BUCKET, { bucket: "10.0.0.1" }, "bucket", "IP address"],
      [
        "a reserved feature",
        GROUP,
        { ...group, featureDefinitions: [{ featureName: "write_time" }] },
        "featureDefinitions[0].featureName",
        "to not be any of",
      ],
      [
        "an unknown feature type",
        GROUP,
        { ...group, featureDefinitions: [{ featureName: "a", featureType: "Date" }] },
        "featureDefinitions[0].featureType",
        "to be one of",
      ],
      ["no features", GROUP, { ...group, featureDefinitions: [] }, "featureDefinitions", "range (1 - 2500)"],
      ["a role that is no ARN", GROUP, { ...group, roleArn: "writer" }, "roleArn", "invalid ARN"],
      [
        "an ownership that there is not",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        { bucket: "b", rule: { objectOwnership: "Mine" } },
        "rule.objectOwnership",
        "to be one of",
      ],
    ];
    for (const [why, token, news, at, words] of cases)
      it(`refuses ${why}`, () => {
        const { failures } = check(token, news);
        expect(failures.map(({ property }) => property)).to.deep.equal([at]);
        expect(failures[0]?.reason).to.include(words);
      });

    it("refuses a type that it does not have, by name", () => {
      expect(() => resourceType("aws:ec2/instance:Instance")).to.throw(
        "the sandbox's provider does not implement aws:ec2/instance:Instance; use the real provider",
      );
    });
  });
});
