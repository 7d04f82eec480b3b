/** Principals of resource policies, in the resource's own account and from another. */
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
  roleB,
  rootA,
  service,
  sessionA,
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
const pathed = `arn:aws:iam::${A}:role/service-role/team/Writer`;
const pathedContext = { "aws:PrincipalArn": pathed };
const id = { "aws:userid": "AROAEXAMPLEID:job-1" };

export const principalCases: readonly Case[] = [
  ...cases("Identity-based policies and resource-based policies; one account: either suffices", [
    ["the session's role", allowed, get(sessionA), policy(to(roleA, grant))],
    ["the session itself", allowed, get(sessionA), policy(to(sessionA, grant))],
    [
      "another session of the role",
      implicit,
      get(sessionA),
      policy(to(`arn:aws:sts::${A}:assumed-role/Writer/job-9`, grant)),
    ],
    [
      "the session's role, whatever else the request tells of itself",
      allowed,
      get(sessionA, A, { "aws:PrincipalArn": sessionA }),
      policy(to(roleA, grant)),
    ],
    [
      "another role, that the request tells to be its own",
      implicit,
      get(sessionA, A, { "aws:PrincipalArn": `arn:aws:iam::${A}:role/Writer2` }),
      policy(to(`arn:aws:iam::${A}:role/Writer2`, grant)),
    ],
    ["an account root by its digits", allowed, get(A), policy(to(rootA, grant))],
    ["another role", implicit, get(sessionA), policy(to(`arn:aws:iam::${A}:role/Writer2`, grant))],
    ["a role that is asked for by its own ARN", allowed, get(roleA), policy(to(roleA, grant))],
    ["a role's own ARN is no session", implicit, get(roleA), policy(to(sessionA, grant))],
    ["a user", allowed, get(userA), policy(to(userA, grant))],
    ["another user", implicit, get(userA), policy(to(`arn:aws:iam::${A}:user/bob`, grant))],
    ["one of several principals", allowed, get(userA), policy(to([roleB, userA], grant))],
    ["everyone", allowed, get(userA), policy(to("*", grant))],
    ['everyone, as { AWS: "*" }', allowed, get(sessionA), policy(to({ AWS: "*" }, grant))],
    ["everyone, signed or not", allowed, get("anonymous"), policy(to("*", grant))],
    ['nobody signed: { AWS: "*" } is the same', allowed, get("anonymous"), policy(to({ AWS: "*" }, grant))],
    ["nobody signed is no role", implicit, get("anonymous"), policy(to(roleA, grant))],
    [
      "the account only delegates to its identity policies",
      implicit,
      get(sessionA),
      policy(to(rootA, grant)),
    ],
    ["... which may allow", allowed, get(sessionA), { ...reads, ...policy(to(rootA, grant)) }],
    ["the account's ID is the same as its root", implicit, get(sessionA), policy(to(A, grant))],
    ["the account's root user itself", allowed, get(rootA), policy(to(rootA, grant))],
    ["the account's root user has all that is its account's", allowed, get(rootA), {}],
    [
      "a deny of the account denies all of its principals",
      denied,
      get(sessionA),
      { ...reads, ...policy(to(rootA, refuse)) },
    ],
    [
      "a deny of the role denies its sessions",
      denied,
      get(sessionA),
      { ...reads, ...policy(to(roleA, refuse)) },
    ],
    ["a deny of everyone", denied, get(sessionA), { ...reads, ...policy(to("*", refuse)) }],
    [
      "a deny of another session",
      allowed,
      get(sessionA),
      { ...reads, ...policy(to(`arn:aws:sts::${A}:assumed-role/Writer/x`, refuse)) },
    ],
    [
      "a federated user's session",
      allowed,
      get(`arn:aws:sts::${A}:federated-user/alice`),
      policy(to(`arn:aws:sts::${A}:federated-user/alice`, grant)),
    ],
  ]),
  ...cases("IAM JSON policy elements: Principal (no wildcards within an ARN)", [
    [
      "a wildcard for the role's name matches nothing",
      implicit,
      get(sessionA),
      policy(to(`arn:aws:iam::${A}:role/*`, grant)),
    ],
    [
      "a wildcard for a part of the name matches nothing",
      implicit,
      get(sessionA),
      policy(to(`arn:aws:iam::${A}:role/Wri*`, grant)),
    ],
    [
      "a wildcard for the account matches nothing",
      implicit,
      get(sessionA),
      policy(to("arn:aws:iam::*:role/Writer", grant)),
    ],
    [
      "a wildcard for the session's name matches nothing",
      implicit,
      get(sessionA),
      policy(to(`arn:aws:sts::${A}:assumed-role/Writer/*`, grant)),
    ],
    [
      "everyone, narrowed by aws:PrincipalArn with a wildcard",
      allowed,
      get(sessionA),
      policy(when(to("*", grant), { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${A}:role/Wri*` } })),
    ],
    [
      "... which the session's ARN does not meet",
      implicit,
      get(sessionA),
      policy(when(to("*", grant), { ArnLike: { "aws:PrincipalArn": `arn:aws:sts::${A}:assumed-role/*` } })),
    ],
    [
      "a kind of principal that does not ask",
      implicit,
      get(sessionA),
      policy(to({ Service: service }, grant)),
    ],
  ]),
  ...cases("IAM identifiers: names, paths and unique IDs", [
    [
      "a role with a path, by its session",
      allowed,
      get(sessionA, A, pathedContext),
      policy(to(pathed, grant)),
    ],
    [
      "... whose path the request does not tell: names are unique in an account",
      allowed,
      get(sessionA),
      policy(to(pathed, grant)),
    ],
    [
      "... and not without its path, where the path is known",
      implicit,
      get(sessionA, A, pathedContext),
      policy(to(roleA, grant)),
    ],
    [
      "role names are unique whatever their case",
      allowed,
      get(`arn:aws:sts::${A}:assumed-role/writer/job-1`),
      policy(to(roleA, grant)),
    ],
    [
      "... in a deny too",
      denied,
      get(`arn:aws:sts::${A}:assumed-role/WRITER/job-1`),
      { ...reads, ...policy(to(roleA, refuse)) },
    ],
    ["a unique ID of the role", allowed, get(sessionA, A, id), policy(to("AROAEXAMPLEID", grant))],
    [
      "a unique ID of a role that was deleted",
      implicit,
      get(sessionA, A, id),
      policy(to("AROAOTHERID", grant)),
    ],
    ["a unique ID where the request tells none", implicit, get(sessionA), policy(to("AROAEXAMPLEID", grant))],
    [
      "a unique ID of a user",
      allowed,
      get(userA, A, { "aws:userid": "AIDAEXAMPLE" }),
      policy(to("AIDAEXAMPLE", grant)),
    ],
  ]),
];
