/** Roles: who may assume them, by their trust policies. */
import {
  cases,
  A,
  B,
  allow,
  allowed,
  ask,
  denied,
  deny,
  doc,
  implicit,
  roleA,
  roleB,
  rootA,
  rootB,
  service,
  sessionA,
  to,
  userA,
  when,
} from "../words";
import type { Case } from "../words";
import type { PolicyStatement, RequestContext } from "@feature-store-access/iam";

const trust = (...statements: PolicyStatement[]) => ({ resource: doc(...statements) });
const assumeRoleB = (principal: string, context: RequestContext = {}) =>
  ask(principal, "sts:AssumeRole", roleB, B, context);
const assumeRoleA = (principal: string, context: RequestContext = {}) =>
  ask(principal, "sts:AssumeRole", roleA, A, context);
const mayAssume = { identity: [doc(allow("sts:AssumeRole"))] };
const assume: PolicyStatement = { Effect: "Allow", Action: "sts:AssumeRole" };
const oidc = `arn:aws:iam::${A}:oidc-provider/token.actions.githubusercontent.com`;

export const roleCases: readonly Case[] = [
  ...cases("Role trust policies and STS AssumeRole", [
    [
      "across accounts: both sides",
      allowed,
      assumeRoleB(sessionA),
      { ...mayAssume, ...trust(to(roleA, assume)) },
    ],
    [
      "across accounts: both sides, trusting the account",
      allowed,
      assumeRoleB(sessionA),
      { ...mayAssume, ...trust(to(rootA, assume)) },
    ],
    [
      "a trust on everyone lets in nobody unsigned",
      implicit,
      assumeRoleA("anonymous"),
      trust(to("*", assume)),
    ],
    [
      "a context is set where the trust allows it",
      allowed,
      ask(sessionA, "sts:SetContext", roleA, A),
      trust(to(roleA, { ...assume, Action: ["sts:AssumeRole", "sts:SetContext"] })),
    ],
    [
      "... and not where it does not, whatever the identity policy says",
      implicit,
      ask(sessionA, "sts:SetContext", roleA, A),
      { identity: [doc(allow("*"))], ...trust(to(rootA, assume)) },
    ],
    ["across accounts: trust alone", implicit, assumeRoleB(sessionA), trust(to(roleA, assume))],
    [
      "across accounts: the identity policy alone",
      implicit,
      assumeRoleB(sessionA),
      { ...mayAssume, ...trust(to(rootB, assume)) },
    ],
    [
      "one account: trust that names the role is enough",
      allowed,
      assumeRoleA(sessionA),
      trust(to(roleA, assume)),
    ],
    [
      "one account: trust that names the user is enough",
      allowed,
      assumeRoleA(userA),
      trust(to(userA, assume)),
    ],
    [
      "one account: trust of the account needs an identity policy",
      implicit,
      assumeRoleA(userA),
      trust(to(rootA, assume)),
    ],
    ["... and is enough with it", allowed, assumeRoleA(userA), { ...mayAssume, ...trust(to(rootA, assume)) }],
    [
      "one account: the identity policy alone is not enough",
      implicit,
      assumeRoleA(userA),
      { ...mayAssume, ...trust(to(roleB, assume)) },
    ],
    [
      "a role is not trusted by itself",
      implicit,
      assumeRoleA(sessionA),
      { ...mayAssume, ...trust(to(userA, assume)) },
    ],
    ["without a trust policy nobody assumes", implicit, assumeRoleA(userA), mayAssume],
    ["a service", allowed, assumeRoleA(service), trust(to({ Service: service }, assume))],
    ["another service", implicit, assumeRoleA("glue.amazonaws.com"), trust(to({ Service: service }, assume))],
    [
      "an external ID",
      allowed,
      assumeRoleB(sessionA, { "sts:ExternalId": "x" }),
      { ...mayAssume, ...trust(when(to(rootA, assume), { StringEquals: { "sts:ExternalId": "x" } })) },
    ],
    [
      "no external ID",
      implicit,
      assumeRoleB(sessionA),
      { ...mayAssume, ...trust(when(to(rootA, assume), { StringEquals: { "sts:ExternalId": "x" } })) },
    ],
    [
      "sts:TagSession is a permission of its own",
      implicit,
      ask(sessionA, "sts:TagSession", roleB, B),
      { identity: [doc(allow("sts:*"))], ...trust(to(roleA, assume)) },
    ],
    [
      "... that the trust policy gives",
      allowed,
      ask(sessionA, "sts:TagSession", roleB, B),
      {
        identity: [doc(allow("sts:*"))],
        ...trust(to(roleA, { ...assume, Action: ["sts:AssumeRole", "sts:TagSession"] })),
      },
    ],
    [
      "sts:SetSourceIdentity too",
      implicit,
      ask(sessionA, "sts:SetSourceIdentity", roleB, B),
      { identity: [doc(allow("sts:*"))], ...trust(to(roleA, assume)) },
    ],
    [
      "a deny without MFA: a missing key counts with IfExists",
      denied,
      assumeRoleA(userA),
      {
        ...mayAssume,
        ...trust(
          to(rootA, assume),
          when(to("*", { ...assume, Effect: "Deny" }), {
            BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
          }),
        ),
      },
    ],
    [
      "an OIDC provider with the right audience",
      allowed,
      ask(oidc, "sts:AssumeRoleWithWebIdentity", roleA, A, {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
      }),
      trust(
        when(
          { Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: { Federated: oidc } },
          { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
        ),
      ),
    ],
    [
      "an OIDC provider with another audience",
      implicit,
      ask(oidc, "sts:AssumeRoleWithWebIdentity", roleA, A, {
        "token.actions.githubusercontent.com:aud": "other",
      }),
      trust(
        when(
          { Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: { Federated: oidc } },
          { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
        ),
      ),
    ],
    [
      "who asks who it is, is told, whatever denies it",
      allowed,
      ask(sessionA, "sts:GetCallerIdentity", "*", A),
      { identity: [doc(deny("*"))] },
    ],
  ]),
];
