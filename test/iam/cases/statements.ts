/** Actions, resources, policy variables and explicit denies, in one account. */
import {
  cases,
  A,
  allow,
  allowed,
  ask,
  bucket,
  denied,
  deny,
  doc,
  implicit,
  object,
  sessionA,
} from "../words";
import type { Case } from "../words";
import type { PolicyStatement, RequestContext } from "@feature-store-access/iam";

const get = (resource = object, context: RequestContext = {}) =>
  ask(sessionA, "s3:GetObject", resource, A, context);
const list = ask(sessionA, "s3:ListBucket", bucket, A);
const only = (...statements: PolicyStatement[]) => ({ identity: [doc(...statements)] });
const feature = `arn:aws:sagemaker:eu-central-1:${A}:feature-group/sales`;
const record = ask(sessionA, "sagemaker:PutRecord", feature, A);

export const statementCases: readonly Case[] = [
  ...cases("Policy evaluation logic", [
    ["no policy at all", implicit, get(), {}],
    ["an allow", allowed, get(), only(allow("s3:GetObject", object))],
    [
      "a single statement that is no list",
      allowed,
      get(),
      { identity: [{ Version: "2012-10-17", Statement: allow("s3:GetObject") }] },
    ],
    ["a deny after an allow", denied, get(), only(allow("*"), deny("s3:GetObject"))],
    ["a deny before an allow", denied, get(), only(deny("s3:GetObject"), allow("*"))],
    ["a deny in another document", denied, get(), { identity: [doc(allow("*")), doc(deny("s3:*"))] }],
    ["a deny alone", denied, get(), only(deny("s3:GetObject"))],
    ["a deny of something else", allowed, get(), only(allow("*"), deny("s3:PutObject"))],
    ["an allow in the second document", allowed, get(), { identity: [doc(), doc(allow("s3:*"))] }],
  ]),
  ...cases("IAM JSON policy elements: Action", [
    ["actions do not differ by case", allowed, get(), only(allow("S3:getobject"))],
    [
      "the request's action does not differ by case",
      allowed,
      ask(sessionA, "S3:GETOBJECT", object, A),
      only(allow("s3:GetObject")),
    ],
    ["a wildcard at the end", allowed, get(), only(allow("s3:Get*"))],
    ["a wildcard in the middle", allowed, get(), only(allow("s3:*Object"))],
    ["a wildcard at the end does not reach other verbs", implicit, get(), only(allow("s3:Put*"))],
    ["a question mark is one character", allowed, get(), only(allow("s3:Ge?Object"))],
    ["a question mark is not none", implicit, get(), only(allow("s3:GetObject?"))],
    [
      "a name without a wildcard is the whole name",
      implicit,
      ask(sessionA, "s3:GetObjectAcl", object, A),
      only(allow("s3:GetObject")),
    ],
    ["another service's wildcard", implicit, get(), only(allow("kms:*"))],
    ["one of several actions", allowed, get(), only(allow(["s3:PutObject", "s3:GetObject"]))],
  ]),
  ...cases("IAM JSON policy elements: NotAction", [
    [
      "an allow of all but what is asked",
      implicit,
      get(),
      only({ Effect: "Allow", NotAction: "s3:GetObject", Resource: "*" }),
    ],
    [
      "an allow of all but something else",
      allowed,
      get(),
      only({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
    ],
    [
      "a deny of all but what is asked",
      allowed,
      get(),
      only(allow("*"), { Effect: "Deny", NotAction: ["s3:GetObject", "s3:PutObject"], Resource: "*" }),
    ],
    [
      "a deny of all but something else",
      denied,
      get(),
      only(allow("*"), { Effect: "Deny", NotAction: "iam:*", Resource: "*" }),
    ],
    [
      "NotAction does not differ by case either",
      implicit,
      get(),
      only({ Effect: "Allow", NotAction: "S3:GETOBJECT", Resource: "*" }),
    ],
  ]),
  ...cases("IAM JSON policy elements: Resource", [
    ["resources differ by case", implicit, get(), only(allow("s3:GetObject", `${bucket}/PREFIX/*`))],
    ["a bucket's ARN does not cover its objects", implicit, get(), only(allow("s3:*", bucket))],
    ["the objects' ARN does not cover the bucket", implicit, list, only(allow("s3:*", `${bucket}/*`))],
    ["a bucket's ARN with a slash is neither the bucket", implicit, list, only(allow("s3:*", `${bucket}/`))],
    ["... nor its objects", implicit, get(), only(allow("s3:*", `${bucket}/`))],
    ["a wildcard reaches through slashes", allowed, get(), only(allow("s3:*", `${bucket}/*.parquet`))],
    [
      "a wildcard reaches through colons in the resource",
      allowed,
      get(`${bucket}/a:b:c/d`),
      only(allow("s3:*", `${bucket}/a*d`)),
    ],
    [
      "a wildcard after the bucket's name takes in the objects",
      allowed,
      get(),
      only(allow("s3:*", `${bucket}*`)),
    ],
    [
      "... and longer names of other buckets",
      allowed,
      get(`${bucket}-other/key`),
      only(allow("s3:*", `${bucket}*`)),
    ],
    [
      "*sagemaker* in a bucket's name",
      allowed,
      get(),
      only(allow("s3:GetObject", "arn:aws:s3:::*sagemaker*")),
    ],
    [
      "*SageMaker* matches no bucket: names are lower case",
      implicit,
      get(),
      only(allow("s3:GetObject", "arn:aws:s3:::*SageMaker*")),
    ],
    [
      "wildcards for region and account",
      allowed,
      record,
      only(allow("sagemaker:PutRecord", "arn:aws:sagemaker:*:*:feature-group/*")),
    ],
    [
      "a wildcard within a part stays there",
      implicit,
      record,
      only(allow("sagemaker:PutRecord", `arn:aws:sagemaker:eu*1:feature-group/sales`)),
    ],
    [
      "an ARN of another account",
      implicit,
      record,
      only(allow("sagemaker:PutRecord", "arn:aws:sagemaker:*:333333333333:feature-group/*")),
    ],
    [
      "an incomplete ARN is completed with wildcards",
      allowed,
      record,
      only(allow("sagemaker:PutRecord", "arn:aws:sagemaker")),
    ],
    [
      "an incomplete ARN of another service",
      implicit,
      record,
      only(allow("sagemaker:PutRecord", "arn:aws:s3")),
    ],
    [
      "another partition",
      implicit,
      get(),
      only(allow("s3:GetObject", `arn:aws-cn:s3:::sagemaker-offline-store/*`)),
    ],
    [
      "an action without a resource needs *",
      implicit,
      ask(sessionA, "kms:ListAliases", "*", A),
      only(allow("kms:ListAliases", "arn:aws:kms:*:*:key/*")),
    ],
    [
      "... and is allowed by *",
      allowed,
      ask(sessionA, "kms:ListAliases", "*", A),
      only(allow("kms:ListAliases")),
    ],
    [
      "a question mark in a resource",
      allowed,
      get(),
      only(allow("s3:GetObject", `${bucket}/prefix/dat?.parquet`)),
    ],
  ]),
];
