/** Control policies of an organization, and VPC endpoint policies. */
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
  keyA,
  object,
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

const get = (principal: string, context: RequestContext = {}) =>
  ask(principal, "s3:GetObject", object, A, context);
const grant = allow("s3:GetObject", `${bucket}/*`);
const policy = (principal: string) => ({ resource: doc(to(principal, grant)) });
const reads = { identity: [doc(allow("s3:Get*"))] };
const full = doc(allow("*"));
const elsewhere = doc(allow("ec2:*"));
const control = (...statements: PolicyStatement[]) => ({
  serviceControl: [[full], [full, doc(...statements)]],
});
const resourceControl = (...statements: PolicyStatement[]) => ({ resourceControl: [[doc(...statements)]] });
const usesKey = { identity: [doc(allow("kms:*"))], resource: doc(to(rootA, allow("kms:*"))) };
const linked = `arn:aws:sts::${A}:assumed-role/AWSServiceRoleForX/s`;
const linkedContext = {
  "aws:PrincipalArn": `arn:aws:iam::${A}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`,
};

export const organizationCases: readonly Case[] = [
  ...cases("AWS Organizations User Guide: SCP evaluation", [
    ["each level allows", allowed, get(sessionA), { ...reads, ...control() }],
    [
      "a level that does not allow",
      implicit,
      get(sessionA),
      { ...reads, serviceControl: [[full], [elsewhere]] },
    ],
    ["a level without a policy", implicit, get(sessionA), { ...reads, serviceControl: [[full], []] }],
    [
      "one of two policies of a level",
      allowed,
      get(sessionA),
      { ...reads, serviceControl: [[full], [elsewhere, doc(allow("s3:*"))]] },
    ],
    ["a deny at a level", denied, get(sessionA), { ...reads, ...control(deny("s3:*")) }],
    ["an SCP does not allow by itself", implicit, get(sessionA), control()],
    [
      "a deny outside a region",
      denied,
      get(sessionA, { "aws:RequestedRegion": "us-east-1" }),
      {
        ...reads,
        ...control(when(deny("*"), { StringNotEquals: { "aws:RequestedRegion": "eu-central-1" } })),
      },
    ],
    ["the account's root user is under SCPs", denied, get(rootA), control(deny("s3:*"))],
    [
      "what a resource's policy gives is under SCPs",
      implicit,
      get(userA),
      { ...policy(userA), serviceControl: [[elsewhere]] },
    ],
    [
      "the caller's SCPs count across accounts",
      denied,
      get(sessionB),
      { ...reads, ...policy(roleB), ...control(deny("s3:*")) },
    ],
    [
      "services are not under SCPs",
      allowed,
      get(service),
      { resource: doc(to({ Service: service }, grant)), ...control(deny("s3:*")) },
    ],
    [
      "service-linked roles are not under SCPs",
      allowed,
      get(linked, linkedContext),
      { ...reads, ...control(deny("s3:*")) },
    ],
    [
      "... known by the prefix of their names, where the request does not tell their path",
      allowed,
      get(linked),
      { ...reads, ...control(deny("s3:*")) },
    ],
    [
      "... and a role of such a name with another path is none",
      denied,
      get(linked, { "aws:PrincipalArn": `arn:aws:iam::${A}:role/own/AWSServiceRoleForX` }),
      { ...reads, ...control(deny("s3:*")) },
    ],
    [
      "nobody signed is under no SCP",
      allowed,
      get("anonymous"),
      { ...policy("*"), ...control(deny("s3:*")) },
    ],
  ]),
  ...cases("AWS Organizations User Guide: RCP evaluation", [
    ["a deny", denied, get(sessionA), { ...reads, ...resourceControl(to("*", deny("s3:*"))) }],
    [
      "a deny of something else",
      allowed,
      get(sessionA),
      { ...reads, ...resourceControl(to("*", deny("s3:Put*"))) },
    ],
    ["an RCP does not allow by itself", implicit, get(sessionA), resourceControl(to("*", allow("*")))],
    [
      "outside of the organization",
      denied,
      get(sessionB, { "aws:PrincipalOrgID": "o-other" }),
      {
        ...reads,
        ...policy(rootB),
        ...resourceControl(
          when(to("*", deny("s3:*")), {
            StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-mine" },
            BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
          }),
        ),
      },
    ],
    [
      "inside of the organization",
      allowed,
      get(sessionB, { "aws:PrincipalOrgID": "o-mine" }),
      {
        ...reads,
        ...policy(rootB),
        ...resourceControl(
          when(to("*", deny("s3:*")), { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-mine" } }),
        ),
      },
    ],
    [
      "nobody signed is under RCPs",
      denied,
      get("anonymous"),
      { ...policy("*"), ...resourceControl(to("*", deny("s3:*"))) },
    ],
    [
      "services are under RCPs",
      denied,
      get(service, { "aws:SourceAccount": B }),
      {
        resource: doc(to({ Service: service }, grant)),
        ...resourceControl(when(to("*", deny("s3:*")), { StringNotEquals: { "aws:SourceAccount": A } })),
      },
    ],
    [
      "service-linked roles are not",
      allowed,
      get(linked, linkedContext),
      { ...reads, ...resourceControl(to("*", deny("s3:*"))) },
    ],
    [
      "nor a service that assumes one",
      allowed,
      ask("x.amazonaws.com", "sts:AssumeRole", linkedContext["aws:PrincipalArn"], A),
      {
        resource: doc(to({ Service: "x.amazonaws.com" }, { Effect: "Allow", Action: "sts:AssumeRole" })),
        ...resourceControl(to("*", deny("sts:*"))),
      },
    ],
    [
      "kms:RetireGrant is not",
      allowed,
      ask(sessionA, "kms:RetireGrant", keyA, A),
      { ...usesKey, ...resourceControl(to("*", deny("kms:*"))) },
    ],
    [
      "kms:RevokeGrant is",
      denied,
      ask(sessionA, "kms:RevokeGrant", keyA, A),
      { ...usesKey, ...resourceControl(to("*", deny("kms:*"))) },
    ],
    [
      "roles of the account are, as sts:AssumeRole is about them",
      denied,
      ask(sessionA, "sts:AssumeRole", roleB, B),
      {
        identity: [doc(allow("sts:*"))],
        resource: doc(to(rootA, { Effect: "Allow", Action: "sts:AssumeRole" })),
        ...resourceControl(to("*", deny("sts:AssumeRole"))),
      },
    ],
    [
      "services that RCPs do not support are not under them",
      allowed,
      ask(sessionA, "sagemaker:GetRecord", `arn:aws:sagemaker:eu-central-1:${A}:feature-group/sales`, A),
      { identity: [doc(allow("sagemaker:*"))], ...resourceControl(to("*", deny("sagemaker:*"))) },
    ],
  ]),
  ...cases("AWS PrivateLink: control access with endpoint policies", [
    [
      "an endpoint that lets the request through",
      allowed,
      get(sessionA),
      { ...reads, vpcEndpoint: [doc(to("*", allow("*")))] },
    ],
    [
      "an endpoint that does not",
      implicit,
      get(sessionA),
      { ...reads, vpcEndpoint: [doc(to("*", allow("s3:*", "arn:aws:s3:::other/*")))] },
    ],
    [
      "an endpoint for other principals",
      implicit,
      get(sessionA),
      { ...reads, vpcEndpoint: [doc(to(rootB, allow("*")))] },
    ],
    [
      "an endpoint for the account",
      allowed,
      get(sessionA),
      { ...reads, vpcEndpoint: [doc(to(rootA, allow("*")))] },
    ],
    [
      "an endpoint that denies",
      denied,
      get(sessionA),
      { ...reads, vpcEndpoint: [doc(to("*", allow("*")), to("*", deny("s3:*")))] },
    ],
    [
      "an endpoint does not allow by itself",
      implicit,
      get(sessionA),
      { vpcEndpoint: [doc(to("*", allow("*")))] },
    ],
  ]),
];
