/** Cases of an account's root. */
import {
  A,
  B,
  allow,
  allowed,
  ask,
  bucket,
  cases,
  denied,
  deny,
  doc,
  implicit,
  object,
  rootA,
  rootB,
  service,
  sessionA,
  to,
  userA,
  type Case,
} from "../words";

const role = `arn:aws:iam::${B}:role/cross-account-assume-role`;
const trust = (...principals: string[]) => ({
  resource: doc(to(principals, { Effect: "Allow", Action: "sts:AssumeRole" })),
});
const assume = (principal: string) => ask(principal, "sts:AssumeRole", role, B);

const locked = { resource: doc(to("*", deny("s3:*"))) };
const onPolicy = (principal: string, action: string) => ask(principal, `s3:${action}BucketPolicy`, bucket, A);

export const rootCases: readonly Case[] = [
  ...cases(
    'STS API Reference, AssumeRole: "You cannot use AWS account root user credentials to call AssumeRole"',
    [
      ["a root that the trust policy names", implicit, assume(rootA), trust(rootA)],
      ["a root of the role's own account", implicit, assume(rootB), trust(rootB)],
      ["a root where everyone is trusted", implicit, assume(rootB), trust("*")],
      [
        "a user of the account that the trust policy names",
        allowed,
        assume(userA),
        { identity: [doc(allow("sts:AssumeRole", role))], ...trust(rootA) },
      ],
    ],
  ),
  ...cases(
    "S3 API Reference, DeleteBucketPolicy: a bucket owner's root may always get, put and delete its policy",
    [
      ["deletes a policy that denies everyone", allowed, onPolicy(rootA, "Delete"), locked],
      ["gets it", allowed, onPolicy(rootA, "Get"), locked],
      ["puts another", allowed, onPolicy(rootA, "Put"), locked],
      ["but reads no object under it", denied, ask(rootA, "s3:GetObject", object, A), locked],
      ["another account's root does not", denied, onPolicy(rootB, "Delete"), locked],
      [
        "an administrator does not",
        denied,
        onPolicy(sessionA, "Delete"),
        { identity: [doc(allow("*"))], ...locked },
      ],
      [
        "a service control policy still denies it",
        denied,
        onPolicy(rootA, "Delete"),
        { ...locked, serviceControl: [[doc(allow("*"), deny("s3:DeleteBucketPolicy"))]] },
      ],
      [
        "an endpoint policy still denies it",
        denied,
        onPolicy(rootA, "Delete"),
        { ...locked, vpcEndpoint: [doc(to("*", deny("s3:*")))] },
      ],
    ],
  ),
  ...cases("NotPrincipal: a Deny spares who is listed", [
    [
      "a root by its account's ID",
      allowed,
      ask(rootA, "s3:GetObject", object, A),
      { resource: doc({ ...deny("*"), NotPrincipal: { AWS: A } }) },
    ],
    [
      "a service that is listed is not denied, nor thereby allowed",
      implicit,
      ask(service, "s3:GetObject", object, A),
      { resource: doc({ ...deny("*"), NotPrincipal: { Service: service } }) },
    ],
  ]),
];
