/**
 * Where this evaluation and the oracle differ, and why AWS's documents side with this one. Each exception says what of
 * a question it is about (`applies`) and how to ask without it (`without`): asked so, both must agree, or the
 * disagreement has another cause and is a failure.
 */
import type { Decision, PolicyDocument, PolicyStatement } from "@feature-store-access/iam";
import type { Question } from "./questions";

export interface Exception {
  readonly name: string;
  /** AWS's own words and where they stand. */
  readonly source: string;
  applies(question: Question, ours: Decision, oracle: Decision): boolean;
  without(question: Question): Question;
}

type Change = (statement: PolicyStatement) => PolicyStatement | undefined;

export const EXCEPTIONS: readonly Exception[] = [
  {
    name: "Deny with NotPrincipal exempts only principals that are named in full",
    source:
      'IAM User Guide, NotPrincipal: "you must also specify the account ARN of the not-denied principal ... the role ARN and the assumed-role user ARN". The oracle exempts a principal that matches one entry.',
    applies: (question, ours) =>
      ours === "ExplicitlyDenied" && statementsOf(question).some((each) => each.NotPrincipal !== undefined),
    without: (question) =>
      mapStatements(question, (each) => (each.NotPrincipal === undefined ? each : undefined)),
  },
  {
    name: "NotIpAddress of an IPv4 range holds for an IPv6 address",
    source:
      'IAM User Guide, IP address condition operators: NotIpAddress matches "All IP addresses except the specified IP address or range". The oracle takes the other family for an error.',
    applies: (question) =>
      String(question.request.context?.["aws:SourceIp"]).includes(":") &&
      JSON.stringify(question.policies).includes("NotIpAddress"),
    without: ({ request, policies }) => ({
      request: { ...request, context: { ...request.context, "aws:SourceIp": "198.51.100.1" } },
      policies: mapStatements({ request, policies }, (each) => withoutIpv6Range(each)).policies,
    }),
  },
  {
    name: "a variable without value equals nothing, so negations of it hold",
    source:
      'IAM User Guide, Policy variables with no value: "There is no equal or like value ... Inverted condition operators like StringNotEquals or StringNotLike do match against a null value". The oracle takes it for an error.',
    applies: (question) => missingVariables(question).length > 0,
    without: (question) =>
      mapText(question, (text) =>
        missingVariables(question).reduce(
          (result, each) => result.replaceAll(each, "nothing-has-this"),
          text,
        ),
      ),
  },
  {
    name: "a variable is filled in before an ARN is split",
    source:
      'IAM User Guide, Policy variables: "When the policy is evaluated, the policy variables are replaced with values that come from the conditional context keys". The oracle splits the ARN at the colon inside ${aws:...}.',
    applies: (question) => JSON.stringify(question.policies).includes(OWNER),
    without: (question) =>
      mapText(question, (text) => text.replaceAll(OWNER, `::${question.request.resourceAccount}:`)),
  },
  {
    name: "a session policy does not limit what names the session or everyone",
    source:
      'IAM User Guide, Session policies: "A resource-based policy can specify the ARN of the session as a principal. In that case, the permissions from the resource-based policy are added after the session is created"; and Principal, on the wildcard. The oracle lets a session policy limit them too.',
    applies: ({ policies, request }, ours, oracle) =>
      policies.session !== undefined &&
      ours === "Allowed" &&
      oracle === "ImplicitlyDenied" &&
      request.principal.split(":")[4] === request.resourceAccount &&
      policies.resource !== undefined,
    without: ({ request, policies: { session: _, ...policies } }) => ({ request, policies }),
  },
  {
    name: "a federated user has nothing without a session policy",
    source:
      'IAM User Guide, How AWS enforcement code logic evaluates requests: without a session policy "checks whether the principal is a role session ... Otherwise, the request is implicitly denied". The oracle lets the identity policies decide.',
    applies: ({ request, policies }, ours, oracle) =>
      request.principal.includes(":federated-user/") &&
      policies.session === undefined &&
      ours === "ImplicitlyDenied" &&
      oracle === "Allowed",
    without: ({ request, policies }) => ({ request, policies: { ...policies, session: [EVERYTHING] } }),
  },
  {
    name: "a resource control policy does not reach services that have none",
    source:
      'AWS Organizations User Guide, RCPs: "RCPs apply to resources for a subset of AWS services", of which SageMaker is none. The oracle applies them to all.',
    applies: ({ request, policies }, _ours, oracle) =>
      request.action.startsWith("sagemaker:") &&
      policies.resourceControl !== undefined &&
      oracle === "ExplicitlyDenied",
    without: ({ request, policies: { resourceControl: _, ...policies } }) => ({ request, policies }),
  },
  {
    name: "an account root needs no identity policy",
    source:
      'IAM User Guide, Policy evaluation logic: the root user "has full access to all resources in the account"; no policy can be attached to it. The oracle decides by its identity policies.',
    applies: ({ request }, ours, oracle) =>
      request.principal.endsWith(":root") && ours === "Allowed" && oracle === "ImplicitlyDenied",
    without: ({ request, policies }) => ({
      request,
      policies: {
        ...policies,
        identity: [EVERYTHING],
      },
    }),
  },
  {
    name: "a root cannot assume a role",
    source:
      'STS API Reference, AssumeRole: "You cannot use AWS account root user credentials to call AssumeRole".',
    applies: ({ request }, ours, oracle) =>
      request.principal.endsWith(":root") &&
      request.action === "sts:AssumeRole" &&
      ours === "ImplicitlyDenied" &&
      oracle === "Allowed",
    without: ({ request, policies }) => ({
      request,
      policies: { ...policies, identity: [], resource: undefined },
    }),
  },
  {
    name: "nobody comes unsigned to KMS and to AssumeRole",
    source:
      'KMS Developer Guide, Key policies: "*" in Principal "gives every identity in every AWS account permission to use the KMS key"; KMS and STS API References: requests must be signed. The oracle lets anonymous callers in by it.',
    applies: ({ request }, ours, oracle) =>
      request.principal === "anonymous" &&
      /^(kms|sts):/.test(request.action) &&
      ours === "ImplicitlyDenied" &&
      oracle === "Allowed",
    without: ({ request, policies }) => ({ request, policies: { ...policies, resource: undefined } }),
  },
];

const EVERYTHING: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

const OWNER = "::${aws:ResourceAccount}:";

/** The variables in a question's policies that have neither value nor default. */
function missingVariables({ request, policies }: Question): string[] {
  const known = new Set(Object.keys(request.context ?? {}).map((key) => key.toLowerCase()));
  const named = JSON.stringify(policies).match(/\$\{[\w:/]+\}/g) ?? [];
  return [...new Set(named)].filter((each) => !known.has(each.slice(2, -1).toLowerCase()));
}

/** The IPv6 address that stands for "outside every range" would be inside this one. */
function withoutIpv6Range(statement: PolicyStatement): PolicyStatement {
  return JSON.parse(JSON.stringify(statement).replace("2001:db8::/32", "198.51.100.0/24")) as PolicyStatement;
}

function statementsOf({ policies }: Question): readonly PolicyStatement[] {
  const found = policies.resource?.Statement ?? [];
  return Array.isArray(found) ? (found as readonly PolicyStatement[]) : [found as PolicyStatement];
}

function mapText({ request, policies }: Question, change: (text: string) => string): Question {
  return { request, policies: JSON.parse(change(JSON.stringify(policies))) as Question["policies"] };
}

/** Concerns no caller. A resource's policy that is left without statements gets it: that there is one counts for roles and keys. */
const OF_NOBODY: PolicyStatement = {
  Effect: "Deny",
  Principal: { Service: "nobody.amazonaws.com" },
  Action: "*",
  Resource: "*",
};

/** Every statement changed, or left out where `change` gives none. */
function mapStatements({ request, policies }: Question, change: Change): Question {
  const one = (document: PolicyDocument): PolicyDocument => ({
    ...document,
    Statement: [document.Statement].flat().flatMap((each) => change(each) ?? []),
  });
  const all = (documents?: readonly PolicyDocument[]) => documents?.map(one);
  const resource = policies.resource ? one(policies.resource) : undefined;
  const empty = resource !== undefined && [resource.Statement].flat().length === 0;
  return {
    request,
    policies: {
      identity: policies.identity.map(one),
      resource: empty ? { ...resource, Statement: OF_NOBODY } : resource,
      permissionsBoundary: all(policies.permissionsBoundary),
      session: all(policies.session),
      serviceControl: policies.serviceControl?.map((level) => level.map(one)),
      resourceControl: policies.resourceControl?.map((level) => level.map(one)),
      vpcEndpoint: all(policies.vpcEndpoint),
    },
  };
}
