/** Context keys that follow from the caller, and operations that some callers always may or never may call. */
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
  roleA,
  rootA,
  rootB,
  service,
  sessionA,
  to,
  userA,
  when,
  type Case,
} from "../words";

const federated = `arn:aws:sts::${A}:federated-user/alice`;
const get = (principal: string) => ask(principal, "s3:GetObject", object, A);
const reads = { identity: [doc(allow("s3:Get*"))] };
const grant = allow("s3:GetObject", `${bucket}/*`);
const refuse = deny("s3:*", [bucket, `${bucket}/*`]);
const everyoneWith = (key: string, value: string) => ({
  resource: doc(when(to("*", grant), { StringEquals: { [key]: value } })),
});
const token = (principal: string) => ask(principal, "sts:GetSessionToken", "*", A);

export const callerCases: readonly Case[] = [
  ...cases(
    'How AWS enforcement code logic evaluates requests: "checks whether the principal is a role session ... Otherwise, the request is implicitly denied"',
    [
      ["a federated user without a session policy has nothing", implicit, get(federated), reads],
      [
        "... and with one what its user's policies and it allow",
        allowed,
        get(federated),
        { ...reads, session: [doc(allow("s3:GetObject"))] },
      ],
      ["... not what its user's policies do not", implicit, get(federated), { session: [doc(allow("*"))] }],
      [
        "... and without one what a resource's policy gives the session",
        allowed,
        get(federated),
        { resource: doc(to(federated, grant)) },
      ],
      [
        "... not what it leaves to the account",
        implicit,
        get(federated),
        { ...reads, resource: doc(to(rootA, grant)) },
      ],
      [
        "... nor what another account's resource gives it",
        implicit,
        ask(`arn:aws:sts::${B}:federated-user/alice`, "s3:GetObject", object, A),
        { ...reads, resource: doc(to(rootB, grant)) },
      ],
      ["a role's session needs no session policy", allowed, get(sessionA), reads],
    ],
  ),
  ...cases("AWS global condition context keys: aws:PrincipalAccount; Variables: Principal key values", [
    [
      "nobody signed is of the account `anonymous`",
      allowed,
      get("anonymous"),
      everyoneWith("aws:PrincipalAccount", "anonymous"),
    ],
    [
      "... so that a deny of all but an account reaches it, IfExists too",
      denied,
      get("anonymous"),
      {
        resource: doc(
          to("*", grant),
          when(to("*", refuse), { StringNotEqualsIfExists: { "aws:PrincipalAccount": A } }),
        ),
      },
    ],
    ["nobody's aws:userid", allowed, get("anonymous"), everyoneWith("aws:userid", "anonymous")],
    ["nobody's aws:PrincipalType", allowed, get("anonymous"), everyoneWith("aws:PrincipalType", "Anonymous")],
    ["a root's aws:userid is its account", allowed, get(rootB), everyoneWith("aws:userid", B)],
    ["... and its aws:PrincipalType", allowed, get(rootB), everyoneWith("aws:PrincipalType", "Account")],
    ["a federated user's aws:userid", allowed, get(federated), everyoneWith("aws:userid", `${A}:alice`)],
    ["... and its aws:PrincipalArn", allowed, get(federated), everyoneWith("aws:PrincipalArn", federated)],
    ["a federated user has no aws:username", implicit, get(federated), everyoneWith("aws:username", "alice")],
    ["a user's aws:PrincipalArn", allowed, get(userA), everyoneWith("aws:PrincipalArn", userA)],
    ["a session's is its role's", allowed, get(sessionA), everyoneWith("aws:PrincipalArn", roleA)],
    [
      "a service has no account",
      denied,
      get(service),
      {
        resource: doc(
          to({ Service: service }, grant),
          when(to("*", refuse), { StringNotEquals: { "aws:PrincipalAccount": A } }),
        ),
      },
    ],
    [
      "what the request brings stands",
      implicit,
      ask(rootB, "s3:GetObject", object, A, { "aws:userid": "other" }),
      everyoneWith("aws:userid", B),
    ],
  ]),
  ...cases("S3 User Guide: s3:ResourceAccount; KMS Developer Guide: kms:CallerAccount", [
    [
      "objects of the own account",
      allowed,
      get(sessionA),
      { identity: [doc(when(allow("s3:*"), { StringEquals: { "s3:ResourceAccount": A } }))] },
    ],
    [
      "... and no others",
      implicit,
      ask(sessionA, "s3:GetObject", object, B),
      {
        identity: [doc(when(allow("s3:*"), { StringEquals: { "s3:ResourceAccount": A } }))],
        resource: doc(to(rootA, grant)),
      },
    ],
    [
      "a key of S3 is in no other service's request",
      implicit,
      ask(sessionA, "sqs:SendMessage", `arn:aws:sqs:eu-central-1:${A}:q`, A),
      { identity: [doc(when(allow("*"), { StringEquals: { "s3:ResourceAccount": A } }))] },
    ],
  ]),
  ...cases(
    'STS API Reference, GetSessionToken: "You cannot use policies to control authentication operations"',
    [
      ["a user", allowed, token(userA), {}],
      ["a user who is denied everything", allowed, token(userA), { identity: [doc(deny("*"))] }],
      ["an account's root", allowed, token(rootA), {}],
      ["a session, which has a token", implicit, token(sessionA), {}],
    ],
  ),
];
