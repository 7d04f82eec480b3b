/** Mistakes that people make with these policies, each a change of what the dev environment plans. */
import { document, outputsOf, statement, type Change } from "./plan";

export interface Mistake {
  readonly name: string;
  readonly change: Change;
  /** What the finding that names it says: its sentence, its reasons, or its place. */
  readonly caught: readonly RegExp[];
}

const WRITER_KEY = "writer-key";
const BUCKET = "offline-bucket-policy";
const ROLE = "cross-account-fraud-scoring-role";
const ROLE_ACCESS = "cross-account-fraud-scoring-access";
const GRANTS = "consumer-grants-fraud-scoring-access";
const RESULTS = "consumer-grants-fraud-scoring-results-policy";
const A = "111111111111";
const B = "222222222222";
const FOREIGN = "999988887777";

const removed = (name: string, sid: string, property = "policy"): Change =>
  document(
    name,
    (all) => {
      const at = all.findIndex(({ Sid = "" }) => (Sid as string).startsWith(sid));
      if (at < 0) throw new Error(`${name} has no statement ${sid}`);
      all.splice(at, 1);
    },
    property,
  );
const added = (name: string, more: object, property = "policy"): Change =>
  document(name, (all) => void all.push(more as never), property);
// In one account either of two policies is enough: both have to be missing.
const both =
  (...changes: readonly Change[]): Change =>
  (described) => {
    for (const change of changes) change(described);
  };
const trust = (edit: Parameters<typeof statement>[2]) =>
  statement(ROLE, "Consumer", edit, "assumeRolePolicy");

export const MISTAKES: readonly Mistake[] = [
  // A side that is missing.
  {
    name: "neither the key's policy nor the writer's own lets it encrypt",
    change: both(
      removed(WRITER_KEY, "Allow writers"),
      removed("feature-groups-access", "EncryptOfflineStore"),
    ),
    caught: [
      /offlineStore's role may write.*does not work/,
      /identity policies of writer\.writer-role .*lack kms:GenerateDataKey/,
    ],
  },
  {
    name: "the key's policy neither names the writer nor delegates to its account",
    change: both(removed(WRITER_KEY, "Allow writers"), removed(WRITER_KEY, "Enable IAM User Permissions")),
    caught: [
      /identity policy featureGroups\.feature-groups-access, statement \d "EncryptOfflineStore".*allows it/,
      /key policy of writer\.writer-key lacks kms:GenerateDataKey for writer\.writer-role/,
    ],
  },
  {
    name: "the bucket's policy does not name the writer",
    change: removed(BUCKET, "S3CrossAccountBucketAccess"),
    caught: [/bucket policy offlineBucket\.offline-bucket-policy lacks s3:PutObject for writer\.writer-role/],
  },
  {
    name: "the writer's own policy lacks the bucket",
    change: removed("feature-groups-access", "WriteOfflineStore"),
    caught: [/identity policies of writer\.writer-role .*lack s3:PutObject/],
  },
  {
    name: "account B may not decrypt",
    change: removed(WRITER_KEY, "Allow readers"),
    caught: [
      /account B may read the offline store.*does not work/,
      /key policy of writer\.writer-key lacks kms:Decrypt/,
    ],
  },
  {
    name: "the writer's trust lacks the service",
    change: removed("writer-role", "FeatureStore", "assumeRolePolicy"),
    caught: [/Amazon SageMaker may act as offlineStore's role: this does not work/],
  },
  {
    name: "the writer's trust names another service too",
    change: added(
      "writer-role",
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      "assumeRolePolicy",
    ),
    caught: [
      /other AWS services and other roles of its account may not act as offlineStore's role: but it is allowed/,
    ],
  },
  {
    name: "the role's trust lacks the consumer",
    change: removed(ROLE, "Consumer", "assumeRolePolicy"),
    caught: [/consumer fraud-scoring may assume its role.*does not work/],
  },
  {
    name: "the execution role may not assume the role",
    change: removed(GRANTS, "AssumeCrossAccountRole"),
    caught: [/identity policies of consumer:fraud-scoring\..*lack sts:AssumeRole/],
  },
  {
    name: "a missing Decrypt on the online key",
    change: removed(ROLE_ACCESS, "DecryptOnline"),
    caught: [/may read feature group payments online: this does not work/, /lack kms:Decrypt/],
  },
  {
    name: "a missing Decrypt on the offline key",
    change: removed(ROLE_ACCESS, "DecryptOffline"),
    caught: [/may read feature group payments offline: this does not work/],
  },
  {
    name: "no permission to query",
    change: removed(ROLE_ACCESS, "Query"),
    caught: [/lack athena:StartQueryExecution/],
  },
  {
    name: "no permission on the tables",
    change: removed(ROLE_ACCESS, "FindTables"),
    caught: [/lack glue:GetTable/],
  },
  {
    name: "no permission on the objects",
    change: removed(ROLE_ACCESS, "ReadOffline"),
    caught: [/lack s3:GetObject/],
  },
  {
    name: "results may not be written",
    change: removed(ROLE_ACCESS, "WriteResults"),
    caught: [/lack s3:PutObject/],
  },
  {
    name: "the results bucket does not let the role write",
    change: removed(RESULTS, "AthenaResultsObjects"),
    caught: [/bucket policy consumerGrants:fraud-scoring\..* lacks s3:PutObject/],
  },
  {
    name: "the consumer may not read its results",
    change: both(removed(GRANTS, "ReadResults"), removed(RESULTS, "ConsumerResultsObjects")),
    caught: [/payments offline: this does not work/],
  },
  {
    name: "the account's root is left out of the key",
    change: removed(WRITER_KEY, "Enable IAM User Permissions"),
    caught: [/may make feature groups under the key, by its own IAM: this does not work/],
  },
  {
    name: "the service may not look at the key",
    change: removed(WRITER_KEY, "Allow Feature Store"),
    caught: [/Amazon SageMaker may look at the key: this does not work/],
  },

  // Too wide a principal, or the wrong one.
  {
    name: "a wildcard principal in the bucket's policy",
    change: statement(BUCKET, "S3CrossAccountBucketAccess", (s) => (s.Principal = "*")),
    caught: [/offline-bucket-policy lets in anyone/],
  },
  {
    name: "a wildcard principal in the key's policy",
    change: statement(WRITER_KEY, "Allow writers", (s) => (s.Principal = { AWS: "*" })),
    caught: [/key policy of writer\.writer-key lets in anyone/],
  },
  {
    name: "a wildcard principal in the trust",
    change: trust((s) => (s.Principal = { AWS: "*" })),
    caught: [/trust policy of .*cross-account-fraud-scoring-role lets in anyone/],
  },
  {
    name: "NotPrincipal with Allow",
    change: statement(BUCKET, "S3CrossAccountBucketCheck", (s) => {
      delete s.Principal;
      s.NotPrincipal = { AWS: `arn:aws:iam::${A}:root` };
    }),
    caught: [/lets in anyone/],
  },
  {
    name: "the wrong account in the bucket's policy",
    change: statement(
      BUCKET,
      "S3CrossAccountBucketAccess",
      (s) => (s.Principal = { AWS: `arn:aws:iam::${FOREIGN}:role/writer` }),
    ),
    caught: [new RegExp(`lets in arn:aws:iam::${FOREIGN}:role/writer, which is not in the settings`)],
  },
  {
    name: "a trust on the wrong account, as on AWS's page",
    change: trust((s) => (s.Principal = { AWS: `arn:aws:iam::${B}:role/execution` })),
    caught: [
      /consumer fraud-scoring may assume its role.*does not work/,
      new RegExp(`arn:aws:iam::${B}:role/execution is permitted more`),
    ],
  },
  {
    name: "a trust on the whole account of the consumer",
    change: trust((s) => (s.Principal = { AWS: `arn:aws:iam::${A}:root` })),
    caught: [new RegExp(`account ${A} is permitted more`)],
  },
  {
    name: "a foreign account's root in the key's policy",
    change: statement(
      WRITER_KEY,
      "Allow readers",
      (s) => (s.Principal = { AWS: [`arn:aws:iam::${B}:root`, `arn:aws:iam::${FOREIGN}:root`] }),
    ),
    caught: [new RegExp(`lets in account ${FOREIGN}`)],
  },
  {
    name: "a foreign account in a condition",
    change: added(BUCKET, {
      Sid: "Partner",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::shop-offline-store-sagemaker-dev/*",
      Condition: { StringEquals: { "aws:PrincipalAccount": FOREIGN } },
    }),
    caught: [new RegExp(`lets in account ${FOREIGN}`)],
  },
  {
    name: "an ARN of a role without :role/, as on AWS's page",
    change: trust((s) => (s.Principal = { AWS: `arn:aws:iam::${A}/execution` })),
    caught: [/is not a principal/],
  },
  {
    name: "123456789 for an account ID, as on AWS's page",
    change: trust((s) => (s.Principal = { AWS: "arn:aws:iam::123456789:role/execution" })),
    caught: [/names account "123456789", which is not an account ID/],
  },
  {
    name: "a wildcard in a principal's ARN",
    change: trust((s) => (s.Principal = { AWS: `arn:aws:iam::${A}:role/*` })),
    caught: [/wildcard, which AWS does not allow/],
  },
  {
    name: "another service in the writer's trust",
    change: statement(
      "writer-role",
      "FeatureStore",
      (s) => (s.Principal = { Service: ["sagemaker.amazonaws.com", "lambda.amazonaws.com"] }),
      "assumeRolePolicy",
    ),
    caught: [/lambda\.amazonaws\.com is permitted more/],
  },
  {
    name: "no external ID asked for",
    change: trust((s) => delete s.Condition),
    caught: [/without sts:ExternalId/, /without its external ID: but it is allowed/],
  },
  {
    name: "another external ID asked for",
    change: trust((s) => (s.Condition = { StringEquals: { "sts:ExternalId": "other" } })),
    caught: [/may assume its role.*does not work/],
  },
  {
    name: "the SageMaker service in the role's trust",
    change: added(
      ROLE,
      {
        Sid: "Service",
        Effect: "Allow",
        Principal: { Service: "sagemaker.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
      "assumeRolePolicy",
    ),
    caught: [/sagemaker\.amazonaws\.com is permitted more/],
  },

  {
    name: "everyone of the bucket's own account, whatever its own policies say",
    change: added(BUCKET, {
      Sid: "Own",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::shop-offline-store-sagemaker-dev/*",
      Condition: { StringEquals: { "aws:PrincipalAccount": B } },
    }),
    caught: [new RegExp(`account ${B} is permitted more`)],
  },
  {
    name: "everyone of the key's own account",
    change: added(WRITER_KEY, {
      Sid: "Own",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:CallerAccount": A } },
    }),
    caught: [new RegExp(`account ${A} is permitted more`)],
  },
  {
    name: "whatever service acts for the bucket's account",
    change: added(BUCKET, {
      Sid: "Services",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::shop-offline-store-sagemaker-dev/*",
      Condition: { StringEquals: { "aws:SourceAccount": B } },
    }),
    caught: [/offline-bucket-policy lets in anyone/],
  },
  {
    name: "a trust on the role's own account",
    change: trust((s) => (s.Principal = { AWS: [s.Principal.AWS, `arn:aws:iam::${B}:root`].flat() })),
    caught: [new RegExp(`account ${B} is permitted more`)],
  },
  {
    name: "a trust of the writer on its own account",
    change: statement(
      "writer-role",
      "Verification",
      (s) => (s.Principal = { AWS: `arn:aws:iam::${A}:root` }),
      "assumeRolePolicy",
    ),
    caught: [new RegExp(`account ${A} is permitted more`)],
  },
  {
    name: "a second external ID",
    change: trust(
      (s) =>
        (s.Condition.StringEquals["sts:ExternalId"] = [
          s.Condition.StringEquals["sts:ExternalId"],
          "any",
        ].flat()),
    ),
    caught: [/with sts:ExternalId shop\/fraud-scoring or any, and shop\/fraud-scoring is intended/],
  },

  // Keys.
  {
    name: "an asymmetric key",
    change: (all) => Object.assign(outputsOf(all, WRITER_KEY), { customerMasterKeySpec: "RSA_4096" }),
    caught: [/RSA_4096.*symmetric keys only/],
  },
  {
    name: "a key for signatures",
    change: (all) =>
      Object.assign(outputsOf(all, WRITER_KEY), {
        keyUsage: "SIGN_VERIFY",
        customerMasterKeySpec: "ECC_NIST_P256",
      }),
    caught: [/SIGN_VERIFY.*symmetric keys only/],
  },
  {
    name: "a disabled key",
    change: (all) => Object.assign(outputsOf(all, "central-store-online-key"), { isEnabled: false }),
    caught: [/central-store-online-key is disabled/],
  },
  {
    name: "ViaService of SageMaker on the offline key",
    change: statement(
      WRITER_KEY,
      "Allow writers",
      (s) => (s.Condition = { StringLike: { "kms:ViaService": "sagemaker.*.amazonaws.com" } }),
    ),
    caught: [/on a key of an offline store: CreateFeatureGroup fails/],
  },
  {
    name: "ViaService of another region",
    change: statement(
      ROLE_ACCESS,
      "DecryptOffline",
      (s) => (s.Condition.StringEquals["kms:ViaService"] = "s3.eu-west-1.amazonaws.com"),
    ),
    caught: [/payments offline: this does not work/],
  },
  {
    name: "no ViaService for the readers",
    change: statement(WRITER_KEY, "Allow readers", (s) => delete s.Condition),
    caught: [/without kms:ViaService/],
  },
  {
    name: "readers through any service",
    change: statement(
      WRITER_KEY,
      "Allow readers",
      (s) => (s.Condition = { StringLike: { "kms:ViaService": "*.us-east-1.amazonaws.com" } }),
    ),
    caught: [
      /with kms:ViaService \*\.us-east-1\.amazonaws\.com, and s3\.us-east-1\.amazonaws\.com is intended/,
    ],
  },
  {
    name: "readers through all services but one",
    change: statement(
      WRITER_KEY,
      "Allow readers",
      (s) => (s.Condition = { StringNotEquals: { "kms:ViaService": "ec2.us-east-1.amazonaws.com" } }),
    ),
    caught: [/without kms:ViaService/],
  },
  {
    name: "decryption through one service more",
    change: statement(ROLE_ACCESS, "DecryptOffline", (s) => {
      const through = s.Condition.StringEquals;
      through["kms:ViaService"] = [through["kms:ViaService"], "ec2.us-east-1.amazonaws.com"].flat();
    }),
    caught: [/with kms:ViaService s3\.us-east-1\.amazonaws\.com or ec2\./],
  },
  {
    name: "kms:* for the readers",
    change: statement(WRITER_KEY, "Allow readers", (s) => (s.Action = "kms:*")),
    caught: [/account 222222222222 is permitted more/],
  },
  {
    name: "the role may use every key",
    change: statement(ROLE_ACCESS, "DecryptOffline", (s) => (s.Resource = "*")),
    caught: [/cross-account-fraud-scoring-role is permitted more/],
  },

  // Actions and resources.
  {
    name: "GetObjectAcl for PutObjectAcl, as on AWS's page",
    change: statement(
      "feature-groups-access",
      "WriteOfflineStore",
      (s) => (s.Action = ["s3:PutObject", "s3:GetObjectAcl"]),
    ),
    caught: [/lack s3:PutObjectAcl/, /s3:GetObjectAcl/],
  },
  {
    name: "a bucket ARN without /*",
    change: statement(
      ROLE_ACCESS,
      "ReadOffline",
      (s) => (s.Resource = "arn:aws:s3:::shop-central-store-sagemaker-dev"),
    ),
    caught: [/s3:GetObject never applies to arn:aws:s3:::shop-central-store-sagemaker-dev/],
  },
  {
    name: "a trailing slash without *, as on AWS's page",
    change: statement(
      BUCKET,
      "S3CrossAccountBucketAccess",
      (s) => (s.Resource = "arn:aws:s3:::shop-offline-store-sagemaker-dev/"),
    ),
    caught: [/ends in a slash, and no object has that name/],
  },
  {
    name: "s3:* for the writer",
    change: statement("feature-groups-access", "WriteOfflineStore", (s) => (s.Action = "s3:*")),
    caught: [/writer\.writer-role is permitted more/],
  },
  {
    name: "all of the store's bucket for the consumer",
    change: statement(
      ROLE_ACCESS,
      "ReadOffline",
      (s) => (s.Resource = "arn:aws:s3:::shop-central-store-sagemaker-dev/*"),
    ),
    caught: [/may not read feature group shoppers offline: but it is allowed/, /permitted more/],
  },
  {
    name: "another feature group for the consumer",
    change: statement(
      ROLE_ACCESS,
      "ReadWriteRecords",
      (s) => (s.Resource = [`arn:aws:sagemaker:us-east-1:${B}:feature-group/*`]),
    ),
    caught: [/may not write feature group shoppers: but it is allowed/],
  },
  {
    name: "an action that does not exist",
    change: statement(ROLE_ACCESS, "Query", (s) => (s.Action as string[]).push("athena:ReadQueryResults")),
    caught: [/there is no action athena:ReadQueryResults/],
  },
  {
    name: "a policy variable for an account",
    change: statement(
      ROLE_ACCESS,
      "ReadWriteRecords",
      (s) => (s.Resource = "arn:aws:sagemaker:us-east-1:${aws:PrincipalAccount}:feature-group/payments"),
    ),
    caught: [/has a policy variable before its fifth colon/, /payments online: this does not work/],
  },
  {
    name: "a policy variable for a number",
    change: statement(
      ROLE_ACCESS,
      "DecryptOnline",
      (s) => (s.Condition = { NumericLessThan: { "aws:MultiFactorAuthAge": "${aws:PrincipalTag/age}" } }),
    ),
    caught: [/NumericLessThan of aws:MultiFactorAuthAge has a policy variable/],
  },
  {
    name: "a condition key that does not exist",
    change: statement(
      ROLE_ACCESS,
      "DecryptOnline",
      (s) => (s.Condition = { StringEquals: { "kms:ViaServices": "sagemaker.us-east-1.amazonaws.com" } }),
    ),
    caught: [/there is no condition key kms:ViaServices/],
  },
  {
    name: "a condition key of another service",
    change: statement(
      ROLE_ACCESS,
      "ReadOffline",
      (s) => (s.Condition = { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } }),
    ),
    caught: [/no request for s3:GetObject has kms:ViaService/],
  },
  {
    name: "deleting records where only reading is granted",
    change: statement("cross-account-recommendations-access", "ReadRecords", (s) =>
      (s.Action as string[]).push("sagemaker:DeleteRecord"),
    ),
    caught: [/recommendations may not write feature group shoppers: but it is allowed/],
  },
  {
    name: "the role may assume any role",
    change: statement(GRANTS, "AssumeCrossAccountRole", (s) => (s.Resource = "*")),
    caught: [/sts:AssumeRole on \*/],
  },
  {
    name: "TLS is not asked for",
    change: removed(BUCKET, "DenyInsecureTransport"),
    caught: [/nor write without TLS: but it is allowed/],
  },
  {
    name: "any encryption is taken",
    change: removed(BUCKET, "DenyOtherEncryption"),
    caught: [/may not write elsewhere, or under another key.*but it is allowed/],
  },
  {
    name: "an Effect that shuts everything",
    change: added(BUCKET, {
      Sid: "Shut",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::shop-offline-store-sagemaker-dev/*"],
    }),
    caught: [/explicitly denied/, /"Shut".*denies it/],
  },
  {
    name: "a misspelt element",
    change: statement(BUCKET, "S3CrossAccountBucketCheck", (s) => Object.assign(s, { Conditions: {} })),
    caught: [/is a document that AWS would reject: .*"Conditions"/],
  },
  {
    name: "a document that is no JSON",
    change: (all) => Object.assign(outputsOf(all, ROLE_ACCESS), { policy: "{" }),
    caught: [/is not a JSON policy document/],
  },
  {
    name: "all objects but some, where a list of them was meant",
    change: statement(BUCKET, "S3CrossAccountBucketAccess", (s) => {
      s.Action = "s3:DeleteObject";
      delete s.Resource;
      s.NotResource = "arn:aws:s3:::shop-offline-store-sagemaker-dev/other/*";
    }),
    caught: [/writer\.writer-role is permitted more[^]*s3:DeleteObject on arn:aws:s3:::[\w-]+\/\*/],
  },
  {
    name: "the results of another consumer",
    change: statement(ROLE_ACCESS, "WriteResults", (s) => {
      s.Resource = "*";
      delete s.Condition;
    }),
    caught: [/permitted more/],
  },
];
