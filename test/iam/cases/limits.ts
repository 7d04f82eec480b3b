/** Limits: permissions boundaries, session policies, control policies of an organization, VPC endpoint policies. */
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
  roleA,
  rootA,
  sessionA,
  sessionB,
  to,
  userA,
} from "../words";
import type { Case } from "../words";
import type { RequestContext } from "@feature-store-access/iam";

const get = (principal: string, context: RequestContext = {}) =>
  ask(principal, "s3:GetObject", object, A, context);
const grant = allow("s3:GetObject", `${bucket}/*`);
const policy = (principal: string | string[]) => ({ resource: doc(to(principal, grant)) });
const reads = { identity: [doc(allow("s3:Get*"))] };
const full = doc(allow("*"));
const elsewhere = doc(allow("ec2:*"));
const bounded = { permissionsBoundary: [elsewhere] };
const narrowed = { session: [elsewhere] };
const federated = `arn:aws:sts::${A}:federated-user/alice`;

export const limitCases: readonly Case[] = [
  ...cases("Permissions boundaries for IAM entities", [
    [
      "boundary and identity policy",
      allowed,
      get(sessionA),
      { ...reads, permissionsBoundary: [doc(allow("s3:*"))] },
    ],
    ["a boundary does not allow by itself", implicit, get(sessionA), { permissionsBoundary: [full] }],
    ["a boundary without the action", implicit, get(sessionA), { ...reads, ...bounded }],
    [
      "a boundary that denies",
      denied,
      get(userA),
      { ...reads, permissionsBoundary: [doc(allow("*"), deny("s3:*"))] },
    ],
    ["a boundary that says nothing", implicit, get(userA), { ...reads, permissionsBoundary: [doc()] }],
    ["an empty list is no boundary", allowed, get(userA), { ...reads, permissionsBoundary: [] }],
    [
      "what a resource's policy gives a user is not limited",
      allowed,
      get(userA),
      { ...bounded, ...policy(userA) },
    ],
    ["what it gives a role is", implicit, get(sessionA), { ...bounded, ...policy(roleA) }],
    ["what it gives a session is not", allowed, get(sessionA), { ...bounded, ...policy(sessionA) }],
    ["what it gives everyone is not", allowed, get(sessionA), { ...bounded, ...policy("*") }],
    [
      "... also where the role is named beside",
      allowed,
      get(sessionA),
      { ...bounded, ...policy([roleA, "*"]) },
    ],
    ["... to the role itself", allowed, get(roleA), { ...bounded, ...policy([roleA, "*"]) }],
    [
      "what it gives a federated user's session is not",
      allowed,
      get(federated),
      { ...bounded, ...policy(federated) },
    ],
    ["what it gives the account is", implicit, get(userA), { ...reads, ...bounded, ...policy(rootA) }],
    [
      "an explicit deny of the boundary is one, whichever principal is named",
      denied,
      get(userA),
      { permissionsBoundary: [doc(deny("s3:*"))], ...policy(userA) },
    ],
    [
      "another account's principals are limited whichever principal is named",
      implicit,
      get(sessionB),
      { ...reads, ...bounded, ...policy(sessionB) },
    ],
    [
      "... and allowed within their boundary",
      allowed,
      get(sessionB),
      { ...reads, permissionsBoundary: [doc(allow("s3:*"))], ...policy(sessionB) },
    ],
  ]),
  ...cases("Session policies", [
    [
      "session and identity policy",
      allowed,
      get(sessionA),
      { ...reads, session: [doc(allow("s3:GetObject"))] },
    ],
    ["a session policy without the action", implicit, get(sessionA), { ...reads, ...narrowed }],
    ["a session policy does not allow by itself", implicit, get(sessionA), { session: [full] }],
    [
      "one of several session policies",
      allowed,
      get(sessionA),
      { ...reads, session: [elsewhere, doc(allow("s3:*"))] },
    ],
    [
      "a session policy that denies",
      denied,
      get(sessionA),
      { ...reads, session: [doc(allow("*"), deny("s3:*"))] },
    ],
    [
      "what a resource's policy gives the role is limited",
      implicit,
      get(sessionA),
      { ...narrowed, ...policy(roleA) },
    ],
    [
      "... and is allowed within the session policy",
      allowed,
      get(sessionA),
      { session: [full], ...policy(roleA) },
    ],
    [
      "what it gives the session is not limited",
      allowed,
      get(sessionA),
      { ...narrowed, ...policy(sessionA) },
    ],
    [
      "a session policy's deny counts then too",
      denied,
      get(sessionA),
      { session: [doc(deny("s3:*"))], ...policy(sessionA) },
    ],
    [
      "across accounts the session policy has to allow",
      implicit,
      get(sessionB),
      { ...reads, ...narrowed, ...policy(sessionB) },
    ],
    [
      "boundary and session policy both have to allow",
      implicit,
      get(sessionA),
      { ...reads, session: [full], ...bounded },
    ],
  ]),
];
