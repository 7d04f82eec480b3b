/** Mistakes of somebody in a hurry: of places, conditions and resources that policies do not stand in by themselves. */
import type { DescribedResource } from "../../../access/model";
import type { Mistake } from "./mistakes";
import { document, outputsOf, statement, type Change } from "./plan";

const KEY = "writer-key";
const BUCKET = "offline-bucket-policy";
const ROLE = "cross-account-fraud-scoring-role";
const ACCESS = "cross-account-fraud-scoring-access";
const RESULTS = "consumer-grants-fraud-scoring-results-policy";
const OBJECTS = "arn:aws:s3:::shop-offline-store-sagemaker-dev/*";
const A = "111111111111";
const B = "222222222222";

const writers = (edit: Parameters<typeof statement>[2]) =>
  statement(BUCKET, "S3CrossAccountBucketAccess", edit);
const everyone = (Condition: object): Change =>
  document(BUCKET, (all) => {
    all.push({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: OBJECTS, Condition });
  });
const withoutTls = (name: string): Change =>
  document(name, (all) => {
    const at = all.findIndex(({ Sid }) => Sid === "DenyInsecureTransport");
    if (at < 0) throw new Error(`${name} does not deny what comes without TLS`);
    all.splice(at, 1);
  });
const group = (name: string, edit: (outputs: any) => void): Change => {
  return (all) => edit(outputsOf(all, name, "FeatureGroup"));
};
const workgroup = (edit: (results: any) => void): Change => {
  return (all) =>
    edit(
      (outputsOf(all, "cross-account-fraud-scoring-workgroup")["configuration"] as any).resultConfiguration,
    );
};
const more = (type: string, outputs: DescribedResource["outputs"]): Change => {
  return (all) =>
    all.push({
      stage: "centralStore",
      type,
      name: "one-more",
      id: "",
      account: B,
      region: "",
      partition: "aws",
      outputs,
    });
};
const given = (name: string, type: string, outputs: object): Change => {
  return (all) => Object.assign(outputsOf(all, name, type), outputs);
};

export const HURRIED: readonly Mistake[] = [
  // Statements that miss what they are meant for, and by what.
  {
    name: "a misspelt prefix",
    change: writers((s) => (s.Resource = "arn:aws:s3:::shop-offline-store-sagemaker-dev/feature/*")),
    caught: [/"S3CrossAccountBucketAccess", allows it on .*\/feature\/\* only/],
  },
  {
    name: "another partition",
    change: writers((s) => (s.Resource = "arn:aws-cn:s3:::shop-offline-store-sagemaker-dev/features/*")),
    caught: [/allows it on arn:aws-cn:.* only/, /arn:aws-cn:.*which carries the policy/],
  },
  {
    name: "StringEquals with a wildcard",
    change: statement(
      KEY,
      "Allow readers",
      (s) => (s.Condition = { StringEquals: { "kms:ViaService": "s3.*.amazonaws.com" } }),
    ),
    caught: [
      /allows it only if StringEquals kms:ViaService s3\.\*\.amazonaws\.com, and the request has s3\.us-east-1/,
      /compares "s3\.\*\.amazonaws\.com" literally, including its wildcard.*/,
    ],
  },
  {
    name: "a condition that no writer meets",
    change: writers((s) => (s.Condition = { StringEquals: { "s3:x-amz-acl": "bucket-owner-read" } })),
    caught: [/only if StringEquals s3:x-amz-acl bucket-owner-read, and the request has bucket-owner-full-c/],
  },
  {
    name: "the execution role for the cross-account role",
    change: statement(RESULTS, "AthenaResultsObjects", (s) => {
      s.Principal = {
        AWS: `arn:aws:iam::${A}:role/{consumer.fraud-scoring.consumer-fraud-scoring-execution-role}`,
      };
    }),
    caught: [/"AthenaResultsObjects", allows it to .*consumer-fraud-scoring-execution-role\} only/],
  },
  {
    name: "the wrong account's resources",
    change: statement(
      ACCESS,
      "WriteResults",
      (s) => (s.Condition = { StringEquals: { "aws:ResourceAccount": B } }),
    ),
    caught: [new RegExp(`"WriteResults", allows it only if StringEquals aws:ResourceAccount ${B}`)],
  },
  {
    name: "keys the wrong way round",
    change: (all) => {
      const online = "central-store-online-key";
      const offline = "central-store-offline-key";
      statement(ACCESS, "DecryptOnline", (s) => (s.Resource = outputsOf(all, offline)["arn"]))(all);
      statement(ACCESS, "DecryptOffline", (s) => (s.Resource = outputsOf(all, online)["arn"]))(all);
    },
    caught: [/"DecryptOnline", allows it on .*offline-key\} only/, /shoppers online: this does not work/],
  },
  {
    name: "a boundary that has nothing of it",
    change: given(ROLE, "role:", { permissionsBoundary: "arn:aws:iam::aws:policy/AmazonS3FullAccess" }),
    caught: [/a permissions boundary does not allow sagemaker:GetRecord/],
  },
  {
    name: "a Deny for all but a region",
    change: document(ACCESS, (all) => {
      const Condition = { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } };
      all.push({ Sid: "Region", Effect: "Deny", Action: "*", Resource: "*", Condition });
    }),
    caught: [/shoppers online: this does not work/, /"Region".*denies it/],
  },
  {
    name: "NotPrincipal in a Deny, without the session",
    change: document(BUCKET, (all) => {
      const [{ Principal }] = all as [(typeof all)[number]];
      all.push({ Sid: "Only", Effect: "Deny", NotPrincipal: Principal, Action: "s3:*", Resource: OBJECTS });
    }),
    caught: [/"Only".*denies it/],
  },

  // Too much.
  {
    name: "NotResource in the bucket's policy",
    change: writers((s) => {
      delete s.Resource;
      s.NotResource = `${OBJECTS.slice(0, -1)}private/*`;
    }),
    caught: [/writer\.writer-role is permitted more/, /s3:PutObject.* on .*dev\/\*/],
  },
  {
    name: "results listed under any prefix",
    change: statement(
      RESULTS,
      "AthenaResultsList",
      (s) => (s.Condition = { StringLike: { "s3:prefix": "*" } }),
    ),
    caught: [/with s3:prefix \*, and athena-results\/ is intended/],
  },
  ...Object.entries({
    "an address of anyone": { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
    "a referrer": { StringLike: { "aws:Referer": "https://shop.example/*" } },
    "an account, if there is one": { StringEqualsIfExists: { "aws:PrincipalAccount": B } },
    "all but one account": { StringNotEquals: { "aws:PrincipalAccount": "999988887777" } },
    "any role": { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } },
    "all of an absent key's values": { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" } },
  }).map(([name, condition]): Mistake => ({
    name: `everyone, with a condition that is none: ${name}`,
    change: everyone(condition),
    caught: [/offline-bucket-policy lets in anyone/],
  })),
  {
    name: "an Allow with ForAllValues",
    change: everyone({ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" } }),
    caught: [/also holds for a request without aws:PrincipalOrgPaths/],
  },
  {
    name: "PassRole of every role",
    change: document(ACCESS, (all) => {
      const Condition = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };
      all.push({ Effect: "Allow", Action: "iam:PassRole", Resource: `arn:aws:iam::${B}:role/*`, Condition });
    }),
    caught: [/iam:PassRole on arn:aws:iam::\d+:role\/\*/],
  },
  ...["central-store-policy", RESULTS].map((name): Mistake => ({
    name: `no TLS asked for by ${name}`,
    change: withoutTls(name),
    caught: [/without TLS: but it is allowed/],
  })),

  // What AWS does not take, or what never matches.
  {
    name: "a Resource in a trust policy",
    change: statement(ROLE, "Consumer", (s) => (s.Resource = "*"), "assumeRolePolicy"),
    caught: [/a trust policy cannot have a Resource/],
  },
  {
    name: "another key in a key's policy",
    change: statement(KEY, "Allow writers", (s) => (s.Resource = `arn:aws:kms:us-west-2:${A}:key/other`)),
    caught: [/key\/other" is not arn:aws:kms:.*which carries the policy: the statement never matches/],
  },
  {
    name: "an action of KMS in a bucket's policy",
    change: writers((s) => (s.Action as string[]).push("kms:Decrypt")),
    caught: [/kms:Decrypt is not an action of s3/],
  },
  {
    name: "an operator that does not exist",
    change: writers((s) => (s.Condition = { StringEqual: { "aws:PrincipalAccount": A } })),
    caught: [/bucket policy .* is a document that AWS would reject: statement 1: .*"StringEqual"/],
  },

  // Resources that point elsewhere than the policies.
  {
    name: "a feature group of another role",
    change: group(
      "feature-groups-orders",
      (o) =>
        (o.roleArn = `arn:aws:iam::${A}:role/{consumer.fraud-scoring.consumer-fraud-scoring-execution-role}`),
    ),
    caught: [/may write feature group orders offline.*does not work/, /execution-role.* lack s3:PutObject/],
  },
  {
    name: "a feature group in another bucket",
    change: group("feature-groups-orders", (o) => {
      const storage = o.offlineStoreConfig.s3StorageConfig;
      storage.resolvedOutputS3Uri = storage.resolvedOutputS3Uri.replace("offline-store-s", "central-store-s");
    }),
    caught: [/may write feature group orders offline.*does not work/],
  },
  {
    name: "a feature group under another prefix",
    change: group("central-store-payments", (o) => {
      const storage = o.offlineStoreConfig.s3StorageConfig;
      storage.resolvedOutputS3Uri = storage.resolvedOutputS3Uri.replace("/central/", "/centre/");
    }),
    caught: [/may write feature group payments offline.*does not work/],
  },
  {
    name: "results in another consumer's bucket",
    change: workgroup((r) => (r.outputLocation = "s3://shop-recommendations-results-dev/athena-results/")),
    caught: [/payments offline: this does not work/, /s3:PutObject on .*recommendations-results/],
  },
  {
    name: "results outside their prefix",
    change: workgroup((r) => (r.outputLocation = "s3://shop-fraud-scoring-results-dev")),
    caught: [/payments offline: this does not work/],
  },
  {
    name: "another owner expected of the results' bucket",
    change: workgroup((r) => (r.expectedBucketOwner = B)),
    caught: [
      /expects account 222222222222 to own shop-fraud-scoring-results-dev, which account 111111111111/,
    ],
  },

  // Access that stands in no policy that is read.
  ...(
    [
      ["role:", ROLE, { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
      ["role:", ROLE, { inlinePolicies: [{ name: "all", policy: "{}" }] }],
      ["bucket:", "central-store-bucket", { acl: "public-read" }],
      ["bucket:", "central-store-bucket", { policy: "{}" }],
    ] as const
  ).map(([type, name, outputs]): Mistake => ({
    name: `${Object.keys(outputs).join()} of ${name} itself`,
    change: given(name, type, outputs),
    caught: [new RegExp(`has ${Object.keys(outputs).join()} of its own: nothing it permits can be proven`)],
  })),
  ...[
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/grant:Grant",
    "aws:s3/bucketAcl:BucketAcl",
    "aws:s3/accessPoint:AccessPoint",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPolicy:UserPolicy",
    "aws:glue/resourcePolicy:ResourcePolicy",
    "aws:ram/resourceShare:ResourceShare",
  ].map((type): Mistake => ({
    name: `a resource of ${type}`,
    change: more(type, {}),
    caught: [/centralStore\.one-more .*nothing it permits can be proven/],
  })),
];
