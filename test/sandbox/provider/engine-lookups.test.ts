/**
 * The functions that look up what exists, and each resource's own region, under the real engine. What it does not
 * prove: regions that an account has to opt in to.
 */
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreatePolicyCommand, CreateRoleCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, type BucketLocationConstraint, type S3Client } from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { clients } from "../support";
import { accountProvider, Bench, EMPTY, preview, REGION, TRUST, up } from "./support";

const A = "111111111111";
const B = "222222222222";
const BOUNDARY = `arn:aws:iam::${B}:policy/boundary`;
const THERE = "eu-west-1";

/** Account B's provider, whose deployer may do `allowed` at most, or all but `denied`. */
function limited(statement: { allowed?: readonly string[]; denied?: readonly string[] }): aws.Provider {
  const { allowed = ["*"], denied } = statement;
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: allowed, Resource: "*" },
      ...(denied ? [{ Effect: "Deny", Action: denied, Resource: "*" }] : []),
    ],
  });
  const roleArn = `arn:aws:iam::${B}:role/deployer`;
  return accountProvider("b", B, { assumeRoles: [{ roleArn, sessionName: "limited", policy }] });
}

describe("provider: look-ups and regions, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.open();
  });
  after(() => bench.close());

  /** What the engine says of the errors of resources and functions, each without the stack of calls. */
  const told = async (name: string, program: () => unknown): Promise<string> => {
    const stack = await bench.stack(name, () => Promise.resolve(program() as Record<string, unknown>));
    return stack.up().then(
      () => expect.fail("it went well"),
      ({ message }: Error) => message,
    );
  };
  const outputsOf = async (name: string, program: () => Record<string, unknown>) => {
    const stack = await bench.stack(name, () => Promise.resolve(program()));
    const { outputs } = await stack.up();
    return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown]));
  };

  describe("look-ups", () => {
    let keyId = "";
    before(async () => {
      const { iam, kms, s3 } = bench.account(1);
      const PermissionsBoundary = BOUNDARY;
      await iam.send(new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument: EMPTY }));
      await iam.send(
        new CreateRoleCommand({
          RoleName: "existing",
          Path: "/ml/",
          Description: "was there",
          AssumeRolePolicyDocument: TRUST,
          MaxSessionDuration: 7200,
          PermissionsBoundary,
          Tags: [{ Key: "team", Value: "ml" }],
        }),
      );
      const far = clients(bench.sandbox.endpoint, bench.sandbox.accounts[1] ?? expect.fail(), THERE);
      const made: [S3Client, string, BucketLocationConstraint][] = [
        [s3, "existing-bucket", REGION],
        [far.s3, "far-existing-bucket", THERE],
      ];
      for (const [client, Bucket, LocationConstraint] of made)
        await client.send(
          new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }),
        );
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: "was there" }));
      keyId = KeyMetadata?.KeyId ?? "";
    });

    it("tell of a role, a bucket and a key, each with its one permission", async () => {
      const { role, bucket, key, there } = await outputsOf("lookups", () => {
        const provider = limited({ allowed: ["iam:GetRole", "s3:ListBucket", "kms:DescribeKey"] });
        return {
          role: aws.iam.getRoleOutput({ name: "existing" }, { provider }),
          bucket: aws.s3.getBucketOutput({ bucket: "existing-bucket" }, { provider }),
          key: aws.kms.getKeyOutput({ keyId }, { provider }),
          there: aws.s3.getBucketOutput({ bucket: "far-existing-bucket", region: THERE }, { provider }),
        };
      });
      const { Role } = await bench.account(1).iam.send(new GetRoleCommand({ RoleName: "existing" }));
      expect(role).to.deep.equal({
        id: "existing",
        name: "existing",
        arn: `arn:aws:iam::${B}:role/ml/existing`,
        path: "/ml/",
        description: "was there",
        maxSessionDuration: 7200,
        permissionsBoundary: BOUNDARY,
        assumeRolePolicy: TRUST,
        createDate: Role?.CreateDate?.toISOString().replace(/\.\d+Z$/, "Z"),
        roleLastUseds: [],
        tags: { team: "ml" },
        uniqueId: Role?.RoleId,
      });
      const common = {
        id: "existing-bucket",
        bucket: "existing-bucket",
        arn: "arn:aws:s3:::existing-bucket",
        bucketRegion: REGION,
        bucketDomainName: "existing-bucket.s3.amazonaws.com",
        bucketRegionalDomainName: `existing-bucket.s3.${REGION}.amazonaws.com`,
        hostedZoneId: "Z21DNDUVLTQW6Q",
        websiteDomain: "",
        websiteEndpoint: "",
      };
      expect(bucket).to.deep.equal({ ...common, region: REGION });
      expect(there, "in its own region").to.deep.include({ bucketRegion: THERE, region: THERE });
      expect(key).to.deep.include({
        id: keyId,
        keyId,
        arn: `arn:aws:kms:${REGION}:${B}:key/${keyId}`,
        awsAccountId: B,
        description: "was there",
        enabled: true,
        keyState: "Enabled",
        keyManager: "CUSTOMER",
        keySpec: "SYMMETRIC_DEFAULT",
        keyUsage: "ENCRYPT_DECRYPT",
        multiRegion: false,
        multiRegionConfigurations: [],
        region: REGION,
      });
    });

    const gone: [what: string, look: () => unknown, words: RegExp][] = [
      [
        "role",
        () => aws.iam.getRole({ name: "nobody" }, { provider: accountProvider("b", B) }),
        /reading IAM Role \(nobody\): couldn't find resource/,
      ],
      [
        "bucket",
        () => aws.s3.getBucket({ bucket: "no-such-bucket-here" }, { provider: accountProvider("b", B) }),
        /reading S3 Bucket \(no-such-bucket-here\): couldn't find resource/,
      ],
      [
        "bucket of another region",
        () => aws.s3.getBucket({ bucket: "far-existing-bucket" }, { provider: accountProvider("b", B) }),
        /reading S3 Bucket \(far-existing-bucket\): 400: the bucket is not in eu-central-1: give the argument region: eu-west-1/,
      ],
      [
        "key",
        () => aws.kms.getKey({ keyId: "alias/nothing" }, { provider: accountProvider("b", B) }),
        /reading KMS Key \(alias\/nothing\): NotFoundException: .*alias\/nothing/,
      ],
    ];
    for (const [what, look, words] of gone)
      it(`name a ${what} that is not to be had`, async () => {
        expect(await told(`gone-${what.replaceAll(" ", "-")}`, look)).to.match(words);
      });

    const refused: [what: string, look: (provider: aws.Provider) => unknown, words: RegExp][] = [
      [
        "role",
        (provider) => aws.iam.getRole({ name: "existing" }, { provider }),
        /reading IAM Role \(existing\): AccessDenied: .*role\/deployer\/limited is not authorized to perform: iam:GetRole on resource: role existing|reading IAM Role \(existing\): AccessDenied: .*iam:GetRole on resource: arn/,
      ],
      [
        "bucket",
        (provider) => aws.s3.getBucket({ bucket: "existing-bucket" }, { provider }),
        /reading S3 Bucket \(existing-bucket\): 403 Forbidden: s3:ListBucket/,
      ],
      [
        "key",
        (provider) => aws.kms.getKey({ keyId }, { provider }),
        /reading KMS Key \([0-9a-f-]+\): AccessDeniedException: .*kms:DescribeKey on/,
      ],
    ];
    for (const [what, look, words] of refused)
      it(`name what is refused of a ${what}`, async () => {
        const denied = ["iam:GetRole", "s3:ListBucket", "kms:DescribeKey"];
        expect(await told(`refused-${what}`, () => look(limited({ denied })))).to.match(words);
      });
  });

  describe("regions", () => {
    it("have a bucket with its configurations, a key, an alias, a workgroup and a feature group of their own", async () => {
      let region: string | undefined = THERE;
      const stack = await bench.stack("regional", () => Promise.resolve(regional(region)));
      await stack.up();
      const arns = async () => (await stack.outputs())["arns"]?.value as Record<string, string>;
      for (const [what, arn] of Object.entries(await arns()))
        expect(arn, what).to.include(what === "bucket" ? "s3:::" : `:${THERE}:${B}:`);
      expect((await stack.outputs())["places"]?.value).to.deep.equal({ bucket: THERE, policy: THERE });
      await stack.refresh();
      expect(await preview(stack)).to.deep.equal([]);

      region = undefined;
      const steps = await up(stack);
      const made = steps.filter((step) => /^create-replacement/.test(step)).map((step) => step.split(" ")[1]);
      expect(made.sort(), steps.join("\n")).to.deep.equal(
        ["access", "alias", "block", "bucket", "encryption", "group", "key", "policy", "versioning"]
          .concat("workgroup")
          .filter((name) => name !== "access"),
      );
      for (const [what, arn] of Object.entries(await arns()))
        expect(arn, what).to.include(what === "bucket" ? "s3:::" : `:${REGION}:${B}:`);
      await stack.refresh();
      expect(await preview(stack)).to.deep.equal([]);
      await stack.destroy();
    });

    it("refuse what is in another one", async () => {
      const words = await told("elsewhere", () => {
        const provider = accountProvider("b", B);
        const bucket = new aws.s3.Bucket("bucket", { bucket: "far-bucket", region: THERE }, { provider });
        new aws.s3.BucketVersioning(
          "versioning",
          { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
          { provider },
        );
        return {};
      });
      expect(words).to.include(
        `creating S3 Bucket Versioning (far-bucket): AuthorizationHeaderMalformed: The authorization header is malformed; the region '${REGION}' is wrong; expecting '${THERE}'`,
      );
    });

    it("are refused where there can be none of that name", async () => {
      const provider = () => accountProvider("b", B);
      expect(
        await told("misspelt", () => {
          new aws.kms.Key("key", { region: "europe" }, { provider: provider() });
          return {};
        }),
      ).to.match(/invalid value for region \(the name of an AWS region, such as eu-central-1\), got europe/);
    });

    it("are told in the ID of what is imported from them", async () => {
      const first = await bench.stack("far", () => {
        const provider = accountProvider("a", A);
        return Promise.resolve({ id: new aws.kms.Key("key", { region: THERE }, { provider }).id });
      });
      await first.up();
      const id = (await first.outputs())["id"]?.value as string;
      const second = await bench.stack("taken", () => {
        const options = { provider: accountProvider("a", A), import: `${id}@${THERE}` };
        const key = new aws.kms.Key("key", { region: THERE }, options);
        return Promise.resolve({ id: key.id, region: key.region });
      });
      expect(await up(second)).to.deep.equal(["import key"]);
      const { outputs } = await second.up();
      expect([outputs["id"]?.value, outputs["region"]?.value]).to.deep.equal([id, THERE]);
      expect(await preview(second)).to.deep.equal([]);
    });
  });
});

/** One of each type that belongs to a region, in the region or in the provider's. */
function regional(region: string | undefined) {
  const options = { provider: accountProvider("b", B) };
  const there = region === undefined ? {} : { region };
  const key = new aws.kms.Key("key", { ...there }, options);
  const alias = new aws.kms.Alias(
    "alias",
    { name: "alias/regional", targetKeyId: key.arn, ...there },
    options,
  );
  const bucket = new aws.s3.Bucket(
    "bucket",
    { bucket: "regional-sagemaker", forceDestroy: true, ...there },
    options,
  );
  const of = { bucket: bucket.id, ...there };
  const policy = new aws.s3.BucketPolicy(
    "policy",
    {
      ...of,
      policy: bucket.arn.apply((Resource) =>
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "s3:ListBucket",
              Principal: { AWS: `arn:aws:iam::${A}:root` },
              Resource,
            },
          ],
        }),
      ),
    },
    options,
  );
  new aws.s3.BucketPublicAccessBlock("block", { ...of, blockPublicAcls: true }, options);
  new aws.s3.BucketVersioning(
    "versioning",
    { ...of, versioningConfiguration: { status: "Enabled" } },
    options,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    "encryption",
    {
      ...of,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn } }],
    },
    options,
  );
  const workgroup = new aws.athena.Workgroup("workgroup", { name: "regional", ...there }, options);
  const role = new aws.iam.Role("role", { assumeRolePolicy: TRUST }, options);
  const access = new aws.iam.RolePolicy(
    "access",
    {
      role: role.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" }],
      }),
    },
    options,
  );
  const group = new aws.sagemaker.FeatureGroup(
    "group",
    {
      ...there,
      featureGroupName: "regional",
      recordIdentifierFeatureName: "id",
      eventTimeFeatureName: "at",
      featureDefinitions: ["id", "at"].map((featureName) => ({ featureName, featureType: "String" })),
      roleArn: role.arn,
      offlineStoreConfig: { s3StorageConfig: { s3Uri: pulumi.interpolate`s3://${bucket.id}/x` } },
    },
    { ...options, dependsOn: [access] },
  );
  return {
    arns: { key: key.arn, alias: alias.arn, bucket: bucket.arn, workgroup: workgroup.arn, group: group.arn },
    places: { bucket: bucket.bucketRegion, policy: policy.region },
  };
}
