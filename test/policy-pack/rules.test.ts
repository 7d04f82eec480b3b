// The rules by themselves: each broken and kept, and what they make of unknowns and of a whole stack. That an engine heeds
// them is proven by test/integration/policyPack.test.ts.
import { expect } from "chai";
import fc from "fast-check";
import { RULES, UNKNOWN, violationsOf, violationsOfStack } from "../../policy-pack/rules";
import { CASES } from "./cases";
import {
  allow,
  block,
  bucket,
  bucketPolicy,
  CONTEXT,
  declaredResource,
  encryption,
  key,
  ownership,
  part,
  ROLE,
  TLS,
  type Declared,
} from "./programs";

describe("the rules", () => {
  for (const { rule, title, resource, context, says } of CASES)
    it(`${rule}: ${says === undefined ? "lets pass" : "refuses"} ${title}`, () => {
      const found = violationsOf(declaredResource(resource), { ...CONTEXT, ...context });
      const own = found.filter((violation) => violation.rule === rule);
      expect(own.map(({ problem }) => problem).join("; ")).to.equal(says ?? "");
      for (const { advice, name, type } of own)
        expect({ advice: advice.length > 20, name, type }).to.deep.equal({
          advice: true,
          name: "it",
          type: resource.type,
        });
    });

  it("have a case that breaks them and one that keeps them, each", () => {
    for (const { name } of RULES) {
      const own = CASES.filter(({ rule }) => rule === name);
      expect(
        own.some(({ says }) => says !== undefined),
        `${name} broken`,
      ).to.equal(true);
      expect(
        own.some(({ says }) => says === undefined),
        `${name} kept`,
      ).to.equal(true);
    }
  });

  it("say nothing against what is not known yet, at any depth", () => {
    const resources: Declared[] = [
      { type: "aws:s3/bucketPolicy:BucketPolicy", inputs: { policy: UNKNOWN } },
      key({ policy: UNKNOWN, enableKeyRotation: UNKNOWN, customerMasterKeySpec: UNKNOWN }),
      part("BucketOwnershipControls", { rule: UNKNOWN }),
      part("BucketOwnershipControls", { rule: { objectOwnership: UNKNOWN } }),
      block({ blockPublicAcls: UNKNOWN }),
      part("BucketServerSideEncryptionConfiguration", { rules: UNKNOWN }),
      encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN }),
      { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", inputs: { policyArn: UNKNOWN } },
      { type: "aws:iam/role:Role", inputs: { assumeRolePolicy: UNKNOWN, inlinePolicies: UNKNOWN } },
    ];
    for (const resource of resources)
      expect(violationsOf(declaredResource(resource), CONTEXT), resource.type).to.deep.equal([]);
  });

  it("never throw, whatever a policy holds", () => {
    const types = [
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:kms/key:Key",
      "aws:iam/role:Role",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    ];
    const inputs = fc.dictionary(
      fc.constantFrom("policy", "assumeRolePolicy", "inlinePolicies", "rule", "rules", "bucket"),
      fc.oneof(fc.json(), fc.jsonValue(), fc.constant(UNKNOWN), statements()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), inputs, (type, given) => {
        const resource = declaredResource({ type, inputs: given });
        violationsOf(resource, CONTEXT);
        violationsOfStack([resource], CONTEXT);
      }),
      { numRuns: 300 },
    );
  });

  it("let nothing in that a principal who is not named could use, wherever it stands among others", () => {
    const names = fc.array(fc.constantFrom(ROLE, "111111111111", "*"), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(names, (AWS) => {
        const found = violationsOf(declaredResource(bucketPolicy(allow({ AWS }), TLS)), CONTEXT);
        expect(found.map(({ rule }) => rule)).to.deep.equal(AWS.includes("*") ? ["no-public-principal"] : []);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the rules for a stack", () => {
  const parts = [ownership(), block(), encryption({ sseAlgorithm: "AES256" })];
  const judged = (...resources: Declared[]) =>
    violationsOfStack(
      resources.map((resource) => declaredResource(resource)),
      CONTEXT,
    ).map(({ rule, problem }) => `${rule}: ${problem}`);

  it("take a bucket with all its parts", () => {
    expect(judged(bucket(), ...parts)).to.deep.equal([]);
  });

  it("miss each part that a bucket does not have", () => {
    expect(judged(bucket())).to.deep.equal([
      "ownership-enforced: no object ownership is set for the bucket",
      "public-access-blocked: public access to the bucket is not blocked",
      "bucket-encrypted: no encryption is set for the bucket",
    ]);
    expect(judged(bucket({ bucket: "another" }), ...parts)).to.have.length(3);
  });

  it("count parts of which it is not known yet whose they are, and no further", () => {
    const unknown = parts.map(({ type, inputs }) => ({ type, inputs: { ...inputs, bucket: UNKNOWN } }));
    expect(judged(bucket(), ...unknown)).to.deep.equal([]);
    expect(judged(bucket(), bucket({ bucket: "another" }), ...unknown)).to.have.length(6);
  });

  it("know the older names of a bucket's parts", () => {
    const older = parts.map(({ type, inputs }) => ({
      type: `${type.replace(":Bucket", "V2:Bucket")}V2`,
      inputs,
    }));
    expect(
      judged({ type: "aws:s3/bucketV2:BucketV2", inputs: { bucket: "store-sagemaker" } }, ...older),
    ).to.deep.equal([]);
  });
});

function statements() {
  const element = fc.oneof(fc.string(), fc.array(fc.string()), fc.jsonValue());
  const statement = fc.record(
    {
      Effect: fc.constantFrom("Allow", "Deny"),
      Principal: element,
      NotPrincipal: element,
      Action: element,
      Resource: element,
      Condition: element,
    },
    { requiredKeys: ["Effect"] },
  );
  return fc.array(statement).map((Statement) => JSON.stringify({ Statement }));
}
