// The policies: as literal documents, and what they let whom do by access/evaluate.ts. That AWS takes them is proven on
// the sandbox by test/integration.
import { expect } from "chai";
import fc from "fast-check";
import { evaluate } from "@feature-store-access/iam";
import {
  documentedOfflineBucketPolicy,
  offlineBucketPolicy,
} from "../../components/topologies/offline-store/policies/offlineBucket";
import {
  documentedOfflineStoreKeyPolicy,
  offlineStoreKeyPolicy,
} from "../../components/policies/offlineStoreKey";
import {
  documentedWriterKeyPolicy,
  featureStoreManagedPolicyArn,
  writerAccessPolicy,
  writerTrustPolicy,
} from "../../components/policies/writerRole";

const A = "111111111111";
const B = "222222222222";
const WRITER = `arn:aws:iam::${A}:role/writer`;
const SESSION = `arn:aws:sts::${A}:assumed-role/writer/SageMaker`;
const KEY = `arn:aws:kms:us-east-1:${A}:key/k-1`;
const BUCKET = "arn:aws:s3:::features-sagemaker";
const access = { roleId: "AROAWRITER", bucketArn: BUCKET, bucketAccount: B, prefix: "features", keyArn: KEY };
const bucket = {
  bucketArn: BUCKET,
  prefix: "features",
  writerRoleArns: [WRITER],
  writerRoleId: "AROAWRITER",
  keyArn: KEY,
};
const key = {
  partition: "aws",
  region: "us-east-1",
  keyAccount: A,
  readerAccount: B,
  writerRoleArns: [WRITER],
  writerRoleId: "AROAWRITER",
  administratorRoleArns: [`arn:aws:iam::${A}:role/Administrator`],
};

describe("the writer role's policies", () => {
  it("trust Feature Store, and a verifier only where one is named", () => {
    const service = {
      Sid: "FeatureStore",
      Effect: "Allow",
      Principal: { Service: "sagemaker.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    expect(writerTrustPolicy({})).to.deep.equal({ Version: "2012-10-17", Statement: [service] });
    const verifier = `arn:aws:iam::${A}:role/deployer`;
    expect(writerTrustPolicy({ verifierRoleArn: verifier }).Statement).to.deep.equal([
      service,
      { Sid: "Verification", Effect: "Allow", Principal: { AWS: verifier }, Action: "sts:AssumeRole" },
    ]);
  });

  it("allow to write under the prefix, in account B, under the one key", () => {
    const Condition = { StringEquals: { "aws:ResourceAccount": B } };
    expect(writerAccessPolicy(access)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteOfflineStoreAROAWRITER",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:PutObjectAcl"],
          Resource: `${BUCKET}/features/*`,
          Condition,
        },
        { Sid: "CheckBucket", Effect: "Allow", Action: "s3:GetBucketAcl", Resource: BUCKET, Condition },
        { Sid: "EncryptOfflineStore", Effect: "Allow", Action: "kms:GenerateDataKey", Resource: KEY },
      ],
    });
    expect(writerAccessPolicy({ ...access, prefix: "" }).Statement[0]?.Resource).to.equal(`${BUCKET}/*`);
  });

  it("are the documents' in documented mode: the managed policy, and any key of A tightened to the key", () => {
    expect(featureStoreManagedPolicyArn("aws-cn")).to.equal(
      "arn:aws-cn:iam::aws:policy/AmazonSageMakerFeatureStoreAccess",
    );
    expect(documentedWriterKeyPolicy(access).Statement).to.deep.equal([
      { Sid: "VisualEditor0AROAWRITER", Effect: "Allow", Action: ["kms:GenerateDataKey"], Resource: KEY },
    ]);
  });
});

describe("the documents' policies", () => {
  it("have the key's four statements as on AWS's page, without kms:ListAliases, which has no effect there", () => {
    const { Statement } = documentedOfflineStoreKeyPolicy(key);
    expect(Statement.map(({ Sid }) => Sid)).to.deep.equal([
      "Enable IAM User Permissions",
      "Allow access for Key Administrators",
      "Allow Feature Store to get information about the CMK",
      "Allow use of the key",
    ]);
    expect(Statement[1]?.Action).to.include.members(["kms:Revoke*", "kms:ScheduleKeyDeletion"]);
    expect(Statement[2]).to.deep.include({
      Principal: { Service: "sagemaker.amazonaws.com" },
      Action: ["kms:Describe*", "kms:Get*", "kms:List*"],
    });
    expect(Statement[3]).to.deep.include({
      Principal: { AWS: [WRITER, `arn:aws:iam::${B}:root`] },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:CreateGrant",
        "kms:RetireGrant",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:ListGrants",
      ],
    });
  });

  it("have the bucket's one statement as on AWS's page, and TLS only", () => {
    const { Statement } = documentedOfflineBucketPolicy(bucket);
    expect(Statement[0]).to.deep.equal({
      Sid: "S3CrossAccountBucketAccess",
      Effect: "Allow",
      Principal: { AWS: [WRITER] },
      Action: ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl"],
      Resource: [`${BUCKET}/*`, BUCKET],
    });
    expect(Statement.map(({ Sid }) => Sid)).to.deep.equal([
      "S3CrossAccountBucketAccess",
      "DenyInsecureTransport",
    ]);
  });
});

describe("least privilege, evaluated", () => {
  const put = (context: Record<string, string> = {}, object = "features/x.parquet") =>
    evaluate(
      {
        principal: SESSION,
        action: "s3:PutObject",
        resource: `${BUCKET}/${object}`,
        resourceAccount: B,
        context: { "aws:SecureTransport": "true", ...context },
      },
      { identity: [writerAccessPolicy(access)], resource: offlineBucketPolicy(bucket) },
    ).result;
  const underKey = {
    "s3:x-amz-server-side-encryption": "aws:kms",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY,
  };

  it("lets the writer put under the key, named or by the bucket's default, and nothing else", () => {
    expect(put(underKey)).to.equal("Allowed");
    expect(put()).to.equal("Allowed");
    expect(put({ ...underKey, "s3:x-amz-server-side-encryption-aws-kms-key-id": `${KEY}2` })).to.equal(
      "ExplicitlyDenied",
    );
    expect(put({ "s3:x-amz-server-side-encryption": "AES256" })).to.equal("ExplicitlyDenied");
    expect(put(underKey, "elsewhere/x")).to.equal("ImplicitlyDenied");
    expect(put({ ...underKey, "aws:SecureTransport": "false" })).to.equal("ExplicitlyDenied");
    for (const action of ["s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "s3:PutBucketPolicy"]) {
      const asked = {
        principal: SESSION,
        action,
        resource: action === "s3:ListBucket" ? BUCKET : `${BUCKET}/features/x`,
        resourceAccount: B,
      };
      expect(
        evaluate(asked, { identity: [writerAccessPolicy(access)], resource: offlineBucketPolicy(bucket) })
          .result,
        action,
      ).to.equal("ImplicitlyDenied");
    }
  });

  it("lets nobody of another account in, whatever their own account allows them", () => {
    const identity = [
      { Version: "2012-10-17", Statement: { Effect: "Allow" as const, Action: "*", Resource: "*" } },
    ];
    for (const principal of [
      `arn:aws:iam::${A}:role/other`,
      "arn:aws:iam::999999999999:role/writer",
      "arn:aws:iam::999999999999:root",
    ])
      for (const action of ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]) {
        const asked = { principal, action, resource: `${BUCKET}/features/x`, resourceAccount: B };
        expect(
          evaluate(asked, { identity, resource: offlineBucketPolicy(bucket) }).result,
          `${principal} ${action}`,
        ).to.equal("ImplicitlyDenied");
      }
  });

  it("lets account B decrypt through S3, as far as its own IAM says so, and do nothing else with the key", () => {
    const reader = `arn:aws:iam::${B}:role/analyst`;
    const allowing = [
      { Version: "2012-10-17", Statement: { Effect: "Allow" as const, Action: "kms:*", Resource: "*" } },
    ];
    const use = (action: string, context: Record<string, string>, identity = allowing, principal = reader) =>
      evaluate(
        { principal, action, resource: KEY, resourceAccount: A, context },
        { identity, resource: offlineStoreKeyPolicy(key) },
      ).result;
    const viaS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
    expect(use("kms:Decrypt", viaS3)).to.equal("Allowed");
    expect(use("kms:Decrypt", {})).to.equal("ImplicitlyDenied");
    expect(use("kms:Decrypt", viaS3, [])).to.equal("ImplicitlyDenied");
    for (const action of [
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:CreateGrant",
      "kms:ScheduleKeyDeletion",
      "kms:PutKeyPolicy",
    ])
      expect(use(action, viaS3), action).to.equal("ImplicitlyDenied");
    expect(use("kms:GenerateDataKey", {}, [], SESSION)).to.equal("Allowed");
    expect(use("kms:Decrypt", viaS3, [], SESSION)).to.equal("ImplicitlyDenied");
    expect(use("kms:Decrypt", viaS3, allowing, "arn:aws:iam::999999999999:role/x")).to.equal(
      "ImplicitlyDenied",
    );
  });

  it("stays within AWS's sizes, names no wildcard in an Allow, and reaches no other bucket (property)", () => {
    const role = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/).map((name) => `arn:aws:iam::${A}:role/${name}`);
    const prefix = fc.stringMatching(/^([a-z0-9]{1,20}(\/[a-z0-9]{1,20}){0,3})?$/);
    fc.assert(
      fc.property(fc.array(role, { minLength: 1, maxLength: 40 }), prefix, (writerRoleArns, under) => {
        const documents = [
          offlineBucketPolicy({ ...bucket, prefix: under, writerRoleArns }),
          documentedOfflineBucketPolicy({ ...bucket, prefix: under, writerRoleArns }),
        ];
        for (const document of documents) {
          expect(JSON.stringify(document).length).to.be.lessThan(20_480);
          for (const { Effect, Principal, Resource } of document.Statement) {
            if (Effect === "Allow") expect(JSON.stringify(Principal)).not.to.contain("*");
            for (const each of [Resource].flat())
              expect(each === BUCKET || each?.startsWith(`${BUCKET}/`)).to.equal(true);
          }
        }
        expect(JSON.stringify(offlineStoreKeyPolicy({ ...key, writerRoleArns })).length).to.be.lessThan(
          32_768,
        );
      }),
    );
  });
});
