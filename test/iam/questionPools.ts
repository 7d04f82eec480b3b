/** Parts of questions: targets with patterns near them, conditions, callers, and principals as policies name them. */
import type { ConditionElement, PrincipalElement } from "@feature-store-access/iam";

export const A = "111111111111";
export const B = "222222222222";
const BUCKET = "arn:aws:s3:::lake-sagemaker";
const KEY = `arn:aws:kms:eu-west-1:${B}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const GROUP = `arn:aws:sagemaker:eu-west-1:${B}:feature-group/orders`;
export const ROLE = `arn:aws:iam::${B}:role/cross-account-assume-role`;

export const TARGETS: readonly (readonly [
  actions: readonly string[],
  resource: string,
  patterns: readonly string[],
])[] = [
  [
    ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject"],
    `${BUCKET}/features/part-1.parquet`,
    [
      `${BUCKET}/*`,
      BUCKET,
      `${BUCKET}/`,
      "arn:aws:s3:::*sagemaker*",
      `${BUCKET}/features/part-?.parquet`,
      `${BUCKET}/\${aws:PrincipalTag/team}/*`,
    ],
  ],
  [["s3:ListBucket", "s3:GetBucketAcl"], BUCKET, [BUCKET, `${BUCKET}/*`, `${BUCKET}*`, "arn:aws:s3:::*"]],
  [
    ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"],
    KEY,
    [KEY, `arn:aws:kms:*:${B}:key/*`, "arn:aws:kms:us-east-1:*:key/*"],
  ],
  [
    ["sts:AssumeRole"],
    ROLE,
    [ROLE, `arn:aws:iam::${B}:role/*`, `arn:aws:iam::${B}/cross-account-assume-role`],
  ],
  [
    ["sagemaker:PutRecord", "sagemaker:GetRecord"],
    GROUP,
    [GROUP, "arn:aws:sagemaker:*:*:feature-group/*", `arn:aws:sagemaker:eu-west-1:${A}:feature-group/orders`],
  ],
];

export const CONDITIONS: readonly ConditionElement[] = [
  { StringEquals: { "aws:PrincipalTag/team": "features" } },
  { StringNotEquals: { "aws:PrincipalOrgID": ["o-aaaaaaaaaa", "o-bbbbbbbbbb"] } },
  { StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } },
  { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${A}:role/W*` } },
  { StringNotLike: { "aws:PrincipalArn": ["*:user/*", "*:root"] } },
  { StringEqualsIgnoreCase: { "aws:PrincipalTag/team": "FEATURES" } },
  { StringNotEqualsIgnoreCase: { "aws:PrincipalTag/team": "Features" } },
  { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/*` } },
  { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${B}:role/Reader` } },
  { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${A}:*` } },
  { ArnNotEqualsIfExists: { "aws:PrincipalArn": `arn:aws:iam::${A}:user/ann` } },
  { Bool: { "aws:SecureTransport": "false" } },
  { Bool: { "aws:SecureTransport": true } },
  { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } },
  { Null: { "aws:PrincipalTag/team": "true" } },
  { Null: { "aws:SourceVpce": "false" } },
  { NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } },
  { NumericGreaterThanEqualsIfExists: { "aws:MultiFactorAuthAge": 300 } },
  { NumericNotEquals: { "aws:MultiFactorAuthAge": "300" } },
  { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } },
  { DateLessThanEquals: { "aws:CurrentTime": "2026-06-30T12:00:00Z" } },
  { DateNotEquals: { "aws:CurrentTime": "2026-06-30T12:00:00Z" } },
  { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
  { NotIpAddress: { "aws:SourceIp": "203.0.113.7" } },
  { "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "env"] } },
  { "ForAnyValue:StringEquals": { "aws:TagKeys": ["team", "owner"] } },
  { "ForAllValues:StringNotLike": { "aws:TagKeys": "own*" } },
  { "ForAnyValue:StringNotEquals": { "aws:CalledVia": "athena.amazonaws.com" } },
  { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } },
  { StringNotEquals: { "aws:PrincipalAccount": "${aws:PrincipalTag/team}" } },
  { StringNotLike: { "aws:SourceVpce": "${aws:PrincipalTag/area}*" } },
  { StringLike: { "aws:PrincipalTag/team": ["${*}", "feature${?}"] } },
  { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:ResourceAccount}:*" } },
  { StringEquals: { "sts:ExternalId": "store" } },
  { StringNotEqualsIfExists: { "sts:ExternalId": ["store", "other"] } },
  { StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com", "sagemaker.eu-west-1.amazonaws.com"] } },
  { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-aaaaaaaaaa/r-ab12/ou-*" } },
  { "ForAllValues:StringLikeIfExists": { "aws:CalledVia": ["athena.*", "glue.*"] } },
  { NumericEquals: { "aws:MultiFactorAuthAge": ["60", "61"] } },
  { DateGreaterThanEquals: { "aws:TokenIssueTime": "2026-06-30T12:00:00Z" } },
  { DateLessThan: { "aws:EpochTime": "1782820800" } },
  { Null: { "aws:TagKeys": ["true"] }, StringEquals: { "aws:PrincipalType": "AssumedRole" } },
  { IpAddress: { "aws:SourceIp": "203.0.113.128/25" }, BoolIfExists: { "aws:ViaAWSService": "false" } },
  { StringLike: { "aws:userid": "AROAWRITER:*" } },
  {
    StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/area, 'features'}" },
    Bool: { "aws:SecureTransport": "true" },
  },
];

export const CALLERS = [
  [`arn:aws:sts::${A}:assumed-role/Writer/job`, `arn:aws:iam::${A}:role/Writer`, "AROAWRITER:job"],
  [`arn:aws:sts::${B}:assumed-role/Reader/job`, `arn:aws:iam::${B}:role/Reader`, "AROAREADER:job"],
  [`arn:aws:iam::${A}:role/Writer`, `arn:aws:iam::${A}:role/Writer`, "AROAWRITER:job"],
  [`arn:aws:iam::${B}:role/Reader`, `arn:aws:iam::${B}:role/Reader`, "AROAREADER:job"],
  [`arn:aws:iam::${A}:user/ann`, `arn:aws:iam::${A}:user/ann`, "AIDAANN"],
  [`arn:aws:iam::${B}:user/bob`, `arn:aws:iam::${B}:user/bob`, "AIDABOB"],
  [`arn:aws:sts::${A}:federated-user/app`, `arn:aws:sts::${A}:federated-user/app`, `${A}:app`],
  [`arn:aws:iam::${B}:root`, `arn:aws:iam::${B}:root`, B],
  [`arn:aws:iam::${A}:root`, `arn:aws:iam::${A}:root`, A],
  ["sagemaker.amazonaws.com", "", ""],
  ["anonymous", "", ""],
] as const;

export const NAMED: readonly PrincipalElement[] = [
  "*",
  { AWS: "*" },
  { AWS: A },
  { AWS: `arn:aws:iam::${A}:root` },
  { AWS: [`arn:aws:iam::${B}:root`] },
  { AWS: `arn:aws:iam::${A}:role/Writer` },
  { AWS: [`arn:aws:iam::${A}:role/Writer`, `arn:aws:iam::${B}:role/Reader`] },
  { AWS: `arn:aws:sts::${A}:assumed-role/Writer/job` },
  { AWS: `arn:aws:sts::${B}:assumed-role/Reader/job` },
  { AWS: [`arn:aws:iam::${A}:user/ann`, `arn:aws:iam::${B}:user/bob`] },
  { AWS: `arn:aws:sts::${A}:federated-user/app` },
  { Service: "sagemaker.amazonaws.com" },
  { Service: "glue.amazonaws.com", AWS: `arn:aws:iam::${B}:role/Reader` },
];

export const SPARED: readonly PrincipalElement[] = [
  { AWS: [`arn:aws:iam::${A}:root`] },
  {
    AWS: [
      `arn:aws:iam::${A}:root`,
      `arn:aws:iam::${A}:role/Writer`,
      `arn:aws:sts::${A}:assumed-role/Writer/job`,
    ],
  },
  { AWS: [`arn:aws:iam::${B}:root`, `arn:aws:iam::${B}:user/bob`] },
  { Service: "sagemaker.amazonaws.com" },
];
