/** Principals of another account, services, and NotPrincipal. */
import {
  cases,
  A,
  B,
  allow,
  allowed,
  ask,
  bucket,
  denied,
  deny,
  doc,
  implicit,
  notTo,
  object,
  roleA,
  roleB,
  rootA,
  rootB,
  service,
  sessionA,
  sessionB,
  to,
  userA,
  when,
} from "../words";
import type { Case } from "../words";
import type { PolicyStatement, RequestContext } from "@feature-store-access/iam";

const get = (principal: string, account = A, context: RequestContext = {}) =>
  ask(principal, "s3:GetObject", object, account, context);
const grant = allow("s3:GetObject", `${bucket}/*`);
const refuse = deny("s3:*", [bucket, `${bucket}/*`]);
const policy = (...statements: PolicyStatement[]) => ({ resource: doc(...statements) });
const reads = { identity: [doc(allow("s3:Get*"))] };

export const crossAccountCases: readonly Case[] = [
  ...cases("Cross-account policy evaluation logic: both sides", [
    ["both", allowed, get(sessionB), { ...reads, ...policy(to(roleB, grant)) }],
    ["both, by the account's root", allowed, get(sessionB), { ...reads, ...policy(to(rootB, grant)) }],
    ["both, by the account's ID", allowed, get(sessionB), { ...reads, ...policy(to(B, grant)) }],
    ["both, by everyone", allowed, get(sessionB), { ...reads, ...policy(to("*", grant)) }],
    ["the resource's policy alone", implicit, get(sessionB), policy(to(roleB, grant))],
    ["the resource's policy alone, naming the session", implicit, get(sessionB), policy(to(sessionB, grant))],
    ["the identity's policy alone", implicit, get(sessionB), reads],
    [
      "a policy that names the owner's account only",
      implicit,
      get(sessionB),
      { ...reads, ...policy(to(rootA, grant)) },
    ],
    [
      "the same name in the wrong account",
      implicit,
      get(sessionB),
      { ...reads, ...policy(to(`arn:aws:iam::${A}:role/Reader`, grant)) },
    ],
    [
      "a deny on the identity's side",
      denied,
      get(sessionB),
      { identity: [doc(allow("s3:*"), deny("s3:Get*"))], ...policy(to(roleB, grant)) },
    ],
    [
      "a deny on the resource's side",
      denied,
      get(sessionB),
      { ...reads, ...policy(to(roleB, grant), to(rootB, refuse)) },
    ],
    ["another account's root user needs the resource's policy", implicit, get(rootB), {}],
    ["... and has enough with it", allowed, get(rootB), policy(to(rootB, grant))],
    [
      "everyone's read is not enough for a principal of another account",
      implicit,
      get(sessionB),
      policy(to("*", grant)),
    ],
    [
      "the deployer of B writes as B's own",
      allowed,
      ask(sessionB, "s3:PutBucketPolicy", bucket, B),
      { identity: [doc(allow("s3:*"))] },
    ],
  ]),
  ...cases("AWS service principals", [
    ["a service that the policy names", allowed, get(service), policy(to({ Service: service }, grant))],
    ["another service", implicit, get("glue.amazonaws.com"), policy(to({ Service: service }, grant))],
    [
      "one of several services",
      allowed,
      get(service),
      policy(to({ Service: ["glue.amazonaws.com", service] }, grant)),
    ],
    ["a service is in no account: identity policies do not count", implicit, get(service), reads],
    [
      "only for the account that it acts for",
      allowed,
      get(service, A, { "aws:SourceAccount": A }),
      policy(when(to({ Service: service }, grant), { StringEquals: { "aws:SourceAccount": A } })),
    ],
    [
      "... not for another",
      implicit,
      get(service, A, { "aws:SourceAccount": B }),
      policy(when(to({ Service: service }, grant), { StringEquals: { "aws:SourceAccount": A } })),
    ],
    [
      "... and not where it does not say",
      implicit,
      get(service),
      policy(when(to({ Service: service }, grant), { StringEquals: { "aws:SourceAccount": A } })),
    ],
    [
      "everyone includes services in a deny",
      denied,
      get(service),
      policy(to({ Service: service }, grant), to("*", refuse)),
    ],
    [
      "... unless services are taken out",
      allowed,
      get(service),
      policy(
        to({ Service: service }, grant),
        when(to("*", refuse), { BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }),
      ),
    ],
  ]),
  ...cases("IAM JSON policy elements: NotPrincipal", [
    [
      "a deny of all but the user and its account",
      allowed,
      get(userA),
      { ...reads, ...policy(notTo([userA, rootA], refuse)) },
    ],
    [
      "... of another user",
      denied,
      get(`arn:aws:iam::${A}:user/bob`),
      { ...reads, ...policy(notTo([userA, rootA], refuse)) },
    ],
    [
      "a deny of all but the user, without its account",
      denied,
      get(userA),
      { ...reads, ...policy(notTo(userA, refuse)) },
    ],
    [
      "a deny of all but session, role and account",
      allowed,
      get(sessionA),
      { ...reads, ...policy(notTo([sessionA, roleA, rootA], refuse)) },
    ],
    [
      "... without the session",
      denied,
      get(sessionA),
      { ...reads, ...policy(notTo([roleA, rootA], refuse)) },
    ],
    [
      "a deny of all but another account",
      denied,
      get(sessionA),
      { ...reads, ...policy(notTo(rootB, refuse)) },
    ],
    ["a deny of all but everyone", allowed, get(sessionA), { ...reads, ...policy(notTo("*", refuse)) }],
    [
      "a deny of all but a service",
      allowed,
      get(service),
      policy(to({ Service: service }, grant), notTo({ Service: service }, refuse)),
    ],
    [
      "nobody signed is denied",
      denied,
      get("anonymous"),
      policy(to("*", grant), notTo([userA, rootA], refuse)),
    ],
    [
      "a boundary makes the deny reach even who is named",
      denied,
      get(userA),
      { ...reads, permissionsBoundary: [doc(allow("*"))], ...policy(notTo([userA, rootA], refuse)) },
    ],
  ]),
];
