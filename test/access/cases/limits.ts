import type { AccessPolicies } from "../../../access/types";
import {
  A,
  ALL,
  ANN,
  B,
  NONE,
  ROOT_A,
  WRITER,
  WRITER_JOB,
  allow,
  asks,
  deny,
  lets,
  policy,
  type Table,
} from "./case";

const user = asks({ principal: ANN });
const other = policy(allow("ec2:*"));
const bounded = (resource?: AccessPolicies["resource"], identity = [ALL]): AccessPolicies => ({
  identity,
  permissionsBoundary: [other],
  resource,
});
const scoped = (resource?: AccessPolicies["resource"], identity = [ALL]): AccessPolicies => ({
  identity,
  session: [other],
  resource,
});

export const boundaries: Table = {
  topic: "permissions boundaries",
  source: "IAM User Guide, Permissions boundaries for IAM entities",
  cases: [
    {
      name: "identity and boundary allow",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], permissionsBoundary: [policy(allow("s3:*"))] },
    },
    {
      name: "the boundary does not allow",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: bounded(),
    },
    {
      name: "a boundary grants nothing",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [], permissionsBoundary: [ALL] },
    },
    {
      name: "the boundary denies",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], permissionsBoundary: [policy(allow("*"), deny("s3:*"))] },
    },
    {
      name: "the bucket's policy names the session: not limited",
      expected: "Allowed",
      request: asks(),
      policies: bounded(lets({ AWS: WRITER_JOB }), []),
    },
    {
      name: "the bucket's policy names the role: limited",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: bounded(lets({ AWS: WRITER }), []),
    },
    {
      name: "the bucket's policy names the user: not limited",
      expected: "Allowed",
      request: user,
      policies: bounded(lets({ AWS: ANN }), []),
    },
    {
      name: "the bucket's policy names the account: limited",
      expected: "ImplicitlyDenied",
      request: user,
      policies: bounded(lets({ AWS: ROOT_A })),
    },
    {
      name: "a session named, but the boundary denies",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: {
        identity: [],
        permissionsBoundary: [policy(deny("*"))],
        resource: lets({ AWS: WRITER_JOB }),
      },
    },
    {
      name: "another account's bucket: limited, although the session is named",
      expected: "ImplicitlyDenied",
      request: asks({ resourceAccount: B }),
      policies: bounded(lets({ AWS: WRITER_JOB })),
    },
  ],
};

export const sessions: Table = {
  topic: "session policies",
  source: "IAM User Guide, Session policies; Policy evaluation for requests within a single account",
  cases: [
    {
      name: "identity and session policy allow",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], session: [policy(allow("s3:GetObject"))] },
    },
    {
      name: "the session policy does not allow",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: scoped(),
    },
    {
      name: "a session policy grants nothing",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [], session: [ALL] },
    },
    {
      name: "the union of several session policies",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], session: [other, policy(allow("s3:*"))] },
    },
    {
      name: "the session policy denies",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], session: [policy(deny("s3:*"))] },
    },
    {
      name: "the bucket's policy names the role: limited",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: scoped(lets({ AWS: WRITER }), []),
    },
    {
      name: "the bucket's policy names the role, the session policy allows",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [], session: [policy(allow("s3:*"))], resource: lets({ AWS: WRITER }) },
    },
    {
      name: "the bucket's policy names the session: not limited",
      expected: "Allowed",
      request: asks(),
      policies: scoped(lets({ AWS: WRITER_JOB }), []),
    },
    {
      name: "another account's bucket names the session: limited",
      expected: "ImplicitlyDenied",
      request: asks({ resourceAccount: B }),
      policies: scoped(lets({ AWS: WRITER_JOB })),
    },
    {
      name: "session policy and boundary must both allow",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], session: [ALL], permissionsBoundary: [other] },
    },
  ],
};

const LINKED = `arn:aws:iam::${A}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForSageMaker`;
const rcp = (...more: Parameters<typeof policy>) => [policy(...more)];
const outsiders = rcp(
  deny("s3:*", "*", {
    Principal: "*",
    Condition: {
      StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-ours" },
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    },
  }),
);

export const controls: Table = {
  topic: "control policies",
  source:
    "AWS Organizations User Guide, SCP evaluation; RCP evaluation (RCPFullAWSAccess cannot be detached)",
  cases: [
    {
      name: "each level allows",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], serviceControl: [[ALL], [policy(allow("s3:*"))], [ALL]] },
    },
    {
      name: "one level does not allow",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], serviceControl: [[ALL], [other], [ALL]] },
    },
    {
      name: "a level without a policy allows nothing",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], serviceControl: [[ALL], []] },
    },
    {
      name: "two policies at one level: either may allow",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], serviceControl: [[other, ALL]] },
    },
    {
      name: "one level denies",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], serviceControl: [[ALL], [ALL, policy(deny("s3:*"))]] },
    },
    {
      name: "service control grants nothing",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [], serviceControl: [[ALL]] },
    },
    {
      name: "it limits a root",
      expected: "ExplicitlyDenied",
      request: asks({ principal: ROOT_A }),
      policies: { identity: [], serviceControl: [[ALL, policy(deny("s3:*"))]] },
    },
    {
      name: "it limits what a bucket's policy grants",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [], resource: lets({ AWS: WRITER_JOB }), serviceControl: [[other]] },
    },
    {
      name: "it does not reach service-linked roles",
      expected: "Allowed",
      request: asks({ principal: LINKED }),
      policies: { identity: [ALL], serviceControl: [[policy(deny("*"))]] },
    },
    {
      name: "nor their sessions",
      expected: "Allowed",
      request: asks({
        principal: `arn:aws:sts::${A}:assumed-role/AWSServiceRoleForSageMaker/s`,
        context: { "aws:PrincipalArn": LINKED },
      }),
      policies: { identity: [ALL], serviceControl: [[policy(deny("*"))]] },
    },
    {
      name: "nor service principals",
      expected: "Allowed",
      request: asks({ principal: "sagemaker.amazonaws.com" }),
      policies: {
        identity: [],
        resource: lets({ Service: "sagemaker.amazonaws.com" }),
        serviceControl: [[policy(deny("*"))]],
      },
    },
    {
      name: "resource control that only denies leaves the rest",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], resourceControl: [rcp(deny("s3:PutObject", "*", { Principal: "*" }))] },
    },
    {
      name: "resource control denies",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], resourceControl: [rcp(deny("s3:*", "*", { Principal: "*" }))] },
    },
    {
      name: "resource control denies anonymous",
      expected: "ExplicitlyDenied",
      request: asks({ principal: "anonymous" }),
      policies: {
        identity: [],
        resource: lets("*"),
        resourceControl: [rcp(deny("s3:*", "*", { Principal: "*" }))],
      },
    },
    {
      name: "resource control does not reach service-linked roles",
      expected: "Allowed",
      request: asks({ principal: LINKED }),
      policies: { identity: [ALL], resourceControl: [rcp(deny("s3:*", "*", { Principal: "*" }))] },
    },
    {
      name: "only our organization: a member",
      expected: "Allowed",
      request: asks({ context: { "aws:PrincipalOrgID": "o-ours" } }),
      policies: { identity: [ALL], resourceControl: [outsiders] },
    },
    {
      name: "only our organization: an outsider",
      expected: "ExplicitlyDenied",
      request: asks({ context: { "aws:PrincipalOrgID": "o-theirs" } }),
      policies: { identity: [ALL], resourceControl: [outsiders] },
    },
    {
      name: "only our organization: a service",
      expected: "Allowed",
      request: asks({ principal: "sagemaker.amazonaws.com" }),
      policies: {
        identity: [],
        resource: lets({ Service: "sagemaker.amazonaws.com" }),
        resourceControl: [outsiders],
      },
    },
  ],
};

export const endpoints: Table = {
  topic: "VPC endpoint policies",
  source: "AWS PrivateLink Guide, Control access to VPC endpoints using endpoint policies",
  cases: [
    {
      name: "the endpoint allows",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], vpcEndpoint: [lets("*")] },
    },
    {
      name: "the endpoint allows another bucket only",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], vpcEndpoint: [lets("*", { Resource: "arn:aws:s3:::other/*" })] },
    },
    {
      name: "the endpoint denies",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], vpcEndpoint: [policy(deny("*", "*", { Principal: "*" }))] },
    },
    {
      name: "the endpoint grants nothing",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [NONE], vpcEndpoint: [lets("*")] },
    },
    {
      name: "the endpoint is for another account's principals",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], vpcEndpoint: [lets({ AWS: B })] },
    },
    {
      name: "a bucket that asks for an endpoint",
      expected: "ExplicitlyDenied",
      request: asks({ context: { "aws:SourceVpce": "vpce-2" } }),
      policies: {
        identity: [ALL],
        resource: policy(
          deny("s3:*", "*", {
            Principal: "*",
            Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } },
          }),
        ),
      },
    },
  ],
};
