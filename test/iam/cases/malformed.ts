/** Documents that IAM would not take: each must be an error that names what is wrong, and never an answer. */
import type { AccessPolicies, PolicyDocument } from "@feature-store-access/iam";

export interface MalformedCase {
  readonly name: string;
  readonly policies: Partial<AccessPolicies>;
  readonly message: RegExp;
}

const statement = (rest: object): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...rest }],
});
const identity = (rest: object) => ({ identity: [statement(rest)] });
const raw = (document: unknown) => ({ identity: [document as PolicyDocument] });

/** Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "Policy validation check reference". */
export const malformedCases: readonly MalformedCase[] = [
  { name: "null", policies: raw(null), message: /identity policy 0: is not a JSON object/ },
  { name: "no Statement", policies: raw({ Version: "2012-10-17" }), message: /has no Statement/ },
  {
    name: "another Version",
    policies: raw({ Version: "2020-01-01", Statement: [] }),
    message: /neither 2012-10-17/,
  },
  {
    name: "an unknown element of the document",
    policies: raw({ Statements: [], Statement: [] }),
    message: /"Statements"/,
  },
  {
    name: "a statement that is a text",
    policies: raw({ Statement: ["Allow"] }),
    message: /statement 0: is not a JSON object/,
  },
  { name: "no Effect", policies: identity({ Effect: undefined }), message: /Effect is neither/ },
  { name: "Effect in the wrong case", policies: identity({ Effect: "allow" }), message: /Effect is neither/ },
  { name: "no Action", policies: identity({ Action: undefined }), message: /has no Action/ },
  {
    name: "Action and NotAction",
    policies: identity({ NotAction: "s3:*" }),
    message: /both Action and NotAction/,
  },
  {
    name: "no action in NotAction",
    policies: identity({ Action: undefined, NotAction: [] }),
    message: /Action is empty/,
  },
  {
    name: "an action without a service",
    policies: identity({ Action: "GetObject" }),
    message: /has no service/,
  },
  { name: "an action that is a number", policies: identity({ Action: [7] }), message: /Action holds 7/ },
  { name: "no Resource", policies: identity({ Resource: undefined }), message: /has no Resource/ },
  {
    name: "Resource and NotResource",
    policies: identity({ NotResource: "*" }),
    message: /both Resource and NotResource/,
  },
  {
    name: "a misspelt Condition",
    policies: identity({ Conditions: { Bool: { "aws:SecureTransport": "true" } } }),
    message: /"Conditions"/,
  },
  {
    name: "Condition null",
    policies: identity({ Condition: null }),
    message: /Condition is not a JSON object/,
  },
  {
    name: "an operator without keys",
    policies: identity({ Condition: { Bool: "true" } }),
    message: /Condition Bool is not a JSON object/,
  },
  {
    name: "a value that is an object",
    policies: identity({ Condition: { Bool: { k: {} } } }),
    message: /of k holds/,
  },
  {
    name: "an unknown operator",
    policies: identity({ Condition: { StringMatches: { "aws:username": "a" } } }),
    message: /"StringMatches" is not a condition operator/,
  },
  {
    name: "an unknown set operator",
    policies: identity({ Condition: { "ForSomeValues:StringEquals": { k: "a" } } }),
    message: /ForSomeValues/,
  },
  {
    name: "an unknown operator with IfExists",
    policies: identity({ Condition: { StringIsIfExists: { k: "a" } } }),
    message: /StringIsIfExists/,
  },
  {
    name: "NullIfExists",
    policies: identity({ Condition: { NullIfExists: { k: "true" } } }),
    message: /Null/,
  },
  {
    name: "Null that is neither true nor false",
    policies: identity({ Condition: { Null: { k: "yes" } } }),
    message: /write true or false/,
  },
  { name: "Resource null", policies: identity({ Resource: null }), message: /Resource is null/ },
  {
    name: "NotResource null",
    policies: identity({ Resource: undefined, NotResource: null }),
    message: /NotResource is null/,
  },
  {
    name: "a resource that is no ARN",
    policies: identity({ Resource: undefined, NotResource: ["bucket/*"] }),
    message: /"bucket\/\*" is not an ARN/,
  },
  {
    name: "an action of three parts",
    policies: identity({ Action: undefined, NotAction: "s3:Get:Object" }),
    message: /not of the form service:Operation/,
  },
  {
    name: "nothing in a list of documents",
    policies: { serviceControl: [[undefined as unknown as PolicyDocument]] },
    message: /serviceControl policy 0 of level 0: is not a JSON object/,
  },
  {
    name: "nobody in Principal",
    policies: { resource: statement({ Principal: {} }) },
    message: /names nobody/,
  },
  {
    name: "nobody in NotPrincipal",
    policies: { resource: statement({ NotPrincipal: {} }) },
    message: /names nobody/,
  },
  {
    name: "no Resource in a bucket's policy",
    policies: { resource: statement({ Principal: "*", Resource: undefined }) },
    message: /resource policy 0, statement 0: has no Resource/,
  },
  {
    name: "a Principal in an identity policy",
    policies: identity({ Principal: "*" }),
    message: /has a Principal/,
  },
  {
    name: "no Principal in a resource's policy",
    policies: { resource: statement({}) },
    message: /resource policy 0, statement 0: has no Principal/,
  },
  {
    name: "Principal and NotPrincipal",
    policies: { resource: statement({ Principal: "*", NotPrincipal: "*" }) },
    message: /both Principal/,
  },
  {
    name: "a Principal that is a text",
    policies: { resource: statement({ Principal: "111111111111" }) },
    message: /Principal is neither/,
  },
  {
    name: "an unknown kind of principal",
    policies: { resource: statement({ Principal: { IAM: "*" } }) },
    message: /"IAM"/,
  },
  {
    name: "a Principal in an SCP",
    policies: { serviceControl: [[statement({})], [statement({ Principal: "*" })]] },
    message: /serviceControl policy 0 of level 1, statement 0/,
  },
  {
    name: "the second of two boundaries",
    policies: { permissionsBoundary: [statement({}), statement({ Effect: "x" })] },
    message: /permissionsBoundary policy 1, statement 0/,
  },
];
