import type { PolicyStatement, PrincipalElement } from "../../../access/types";
import { A, ALL, ANN, B, ROOT_A, WRITER, WRITER_JOB, asks, lets, policy, type Table } from "./case";

const none = { identity: [] };
const spares = (NotPrincipal: PrincipalElement, more: Partial<PolicyStatement> = {}) =>
  policy({ Effect: "Deny", NotPrincipal, Action: "*", Resource: "*", ...more });

export const principals: Table = {
  topic: "Principal",
  source: "IAM User Guide, AWS JSON policy elements: Principal; IAM identifiers",
  cases: [
    {
      name: "a user by ARN",
      expected: "Allowed",
      request: asks({ principal: ANN }),
      policies: { ...none, resource: lets({ AWS: ANN }) },
    },
    {
      name: "another user",
      expected: "ImplicitlyDenied",
      request: asks({ principal: ANN }),
      policies: { ...none, resource: lets({ AWS: `${ANN}a` }) },
    },
    {
      name: "a wildcard within an ARN names nobody",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { ...none, resource: lets({ AWS: `arn:aws:iam::${A}:role/*` }) },
    },
    {
      name: "the same role name in another account",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { ...none, resource: lets({ AWS: `arn:aws:iam::${B}:role/Writer` }) },
    },
    {
      name: "another session of the role",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { ...none, resource: lets({ AWS: `${WRITER_JOB}2` }) },
    },
    {
      name: "one of several",
      expected: "Allowed",
      request: asks(),
      policies: { ...none, resource: lets({ AWS: [ANN, WRITER] }) },
    },
    {
      name: "{ AWS: * } is everyone",
      expected: "Allowed",
      request: asks(),
      policies: { ...none, resource: lets({ AWS: "*" }) },
    },
    {
      name: "{ AWS: * } and anonymous",
      expected: "Allowed",
      request: asks({ principal: "anonymous" }),
      policies: { ...none, resource: lets({ AWS: "*" }) },
    },
    {
      name: "* and anonymous",
      expected: "Allowed",
      request: asks({ principal: "anonymous" }),
      policies: { ...none, resource: lets("*") },
    },
    {
      name: "anonymous where an account is named",
      expected: "ImplicitlyDenied",
      request: asks({ principal: "anonymous" }),
      policies: { ...none, resource: lets({ AWS: A }) },
    },
    {
      name: "anonymous without a policy",
      expected: "ImplicitlyDenied",
      request: asks({ principal: "anonymous" }),
      policies: none,
    },
    {
      name: "anonymous has no identity policies, whatever is handed over",
      expected: "ImplicitlyDenied",
      request: asks({ principal: "anonymous" }),
      policies: { identity: [ALL] },
    },
    {
      name: "a role by its unique ID",
      expected: "Allowed",
      request: asks({ context: { "aws:userid": "AROAEXAMPLE:job" } }),
      policies: { ...none, resource: lets({ AWS: "AROAEXAMPLE" }) },
    },
    {
      name: "a role made anew has another unique ID",
      expected: "ImplicitlyDenied",
      request: asks({ context: { "aws:userid": "AROANEW:job" } }),
      policies: { ...none, resource: lets({ AWS: "AROAEXAMPLE" }) },
    },
    {
      name: "a user by its unique ID",
      expected: "Allowed",
      request: asks({ principal: ANN, context: { "aws:userid": "AIDAEXAMPLE" } }),
      policies: { ...none, resource: lets({ AWS: "AIDAEXAMPLE" }) },
    },
    {
      name: "a role with a path, its session told apart by aws:PrincipalArn",
      expected: "Allowed",
      request: asks({ context: { "aws:PrincipalArn": `arn:aws:iam::${A}:role/data/Writer` } }),
      policies: { ...none, resource: lets({ AWS: `arn:aws:iam::${A}:role/data/Writer` }) },
    },
    {
      name: "a role of that name on another path",
      expected: "ImplicitlyDenied",
      request: asks({ context: { "aws:PrincipalArn": `arn:aws:iam::${A}:role/data/Writer` } }),
      policies: { ...none, resource: lets({ AWS: WRITER }) },
    },
    {
      name: "a federated user's session by ARN",
      expected: "Allowed",
      request: asks({ principal: `arn:aws:sts::${A}:federated-user/app` }),
      policies: { ...none, resource: lets({ AWS: `arn:aws:sts::${A}:federated-user/app` }) },
    },
    {
      name: "a service is not an AWS principal",
      expected: "ImplicitlyDenied",
      request: asks({ principal: "sagemaker.amazonaws.com" }),
      policies: { ...none, resource: lets({ AWS: A }) },
    },
    {
      name: "a role is not a service",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: { ...none, resource: lets({ Service: "sagemaker.amazonaws.com" }) },
    },
    {
      name: "a canonical user is not known by an ARN",
      expected: "ImplicitlyDenied",
      request: asks(),
      policies: {
        ...none,
        resource: lets({ CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" }),
      },
    },
  ],
};

export const notPrincipal: Table = {
  topic: "NotPrincipal",
  source:
    "IAM User Guide, NotPrincipal: list the account, the role and the assumed-role session that are not to be denied",
  cases: [
    {
      name: "account, role and session are listed",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], resource: spares({ AWS: [ROOT_A, WRITER, WRITER_JOB] }) },
    },
    {
      name: "the session is missing",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], resource: spares({ AWS: [ROOT_A, WRITER] }) },
    },
    {
      name: "the role is missing",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], resource: spares({ AWS: [ROOT_A, WRITER_JOB] }) },
    },
    {
      name: "the account is missing",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], resource: spares({ AWS: [WRITER, WRITER_JOB] }) },
    },
    {
      name: "the account alone",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: { identity: [ALL], resource: spares({ AWS: ROOT_A }) },
    },
    {
      name: "a user with its account",
      expected: "Allowed",
      request: asks({ principal: ANN }),
      policies: { identity: [ALL], resource: spares({ AWS: [A, ANN] }) },
    },
    {
      name: "a user without its account",
      expected: "ExplicitlyDenied",
      request: asks({ principal: ANN }),
      policies: { identity: [ALL], resource: spares({ AWS: ANN }) },
    },
    {
      name: "root by its account",
      expected: "Allowed",
      request: asks({ principal: ROOT_A }),
      policies: { identity: [], resource: spares({ AWS: A }) },
    },
    {
      name: "a service that is listed",
      expected: "ImplicitlyDenied",
      request: asks({ principal: "sagemaker.amazonaws.com" }),
      policies: { identity: [], resource: spares({ Service: "sagemaker.amazonaws.com" }) },
    },
    {
      name: "anonymous is never listed",
      expected: "ExplicitlyDenied",
      request: asks({ principal: "anonymous" }),
      policies: { identity: [], resource: spares({ AWS: [ROOT_A, WRITER] }) },
    },
    {
      name: "a caller with a permissions boundary is denied although it is listed",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: {
        identity: [ALL],
        permissionsBoundary: [ALL],
        resource: spares({ AWS: [ROOT_A, WRITER, WRITER_JOB] }),
      },
    },
    {
      name: "the statement's action is another",
      expected: "Allowed",
      request: asks(),
      policies: { identity: [ALL], resource: spares({ AWS: ANN }, { Action: "s3:PutObject" }) },
    },
  ],
};

const service = asks({
  principal: "cloudtrail.amazonaws.com",
  action: "s3:PutObject",
  context: { "aws:SourceAccount": A, "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${A}:trail/keys` },
});
const trail = (SourceArn: string, SourceAccount = A) =>
  lets(
    { Service: "cloudtrail.amazonaws.com" },
    {
      Condition: {
        ArnLike: { "aws:SourceArn": SourceArn },
        StringEquals: { "aws:SourceAccount": SourceAccount },
      },
    },
  );

export const services: Table = {
  topic: "service principals",
  source: "IAM User Guide, The confused deputy problem; Principal, AWS service principals",
  cases: [
    {
      name: "the service for the expected trail",
      expected: "Allowed",
      request: service,
      policies: { ...none, resource: trail(`arn:aws:cloudtrail:*:${A}:trail/*`) },
    },
    {
      name: "the service for another account's trail",
      expected: "ImplicitlyDenied",
      request: service,
      policies: { ...none, resource: trail(`arn:aws:cloudtrail:*:${A}:trail/*`, B) },
    },
    {
      name: "the service for another trail",
      expected: "ImplicitlyDenied",
      request: service,
      policies: { ...none, resource: trail(`arn:aws:cloudtrail:*:${A}:trail/other`) },
    },
    {
      name: "the service without a source",
      expected: "ImplicitlyDenied",
      request: { ...service, context: {} },
      policies: { ...none, resource: trail(`arn:aws:cloudtrail:*:${A}:trail/*`) },
    },
    {
      name: "another service",
      expected: "ImplicitlyDenied",
      request: { ...service, principal: "config.amazonaws.com" },
      policies: { ...none, resource: trail(`arn:aws:cloudtrail:*:${A}:trail/*`) },
    },
    {
      name: "aws:PrincipalIsAWSService spares services of a Deny",
      expected: "Allowed",
      request: service,
      policies: {
        ...none,
        resource: policy(
          {
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: "*",
          },
          {
            Effect: "Deny",
            Principal: "*",
            Action: "*",
            Resource: "*",
            Condition: { Bool: { "aws:PrincipalIsAWSService": "false" } },
          },
        ),
      },
    },
    {
      name: "and reaches a role",
      expected: "ExplicitlyDenied",
      request: asks(),
      policies: {
        identity: [ALL],
        resource: policy({
          Effect: "Deny",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: { Bool: { "aws:PrincipalIsAWSService": "false" } },
        }),
      },
    },
  ],
};
