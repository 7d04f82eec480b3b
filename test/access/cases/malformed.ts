/** Documents that IAM does not take. Source: IAM User Guide, Grammar of the IAM JSON policy language. */
export const malformed: readonly (readonly [name: string, document: unknown, says: RegExp])[] = [
  ["no document", null, /not a JSON object/],
  ["no Statement", { Version: "2012-10-17" }, /has no Statement/],
  ["an unknown version", { Version: "2020-01-01", Statement: [] }, /Version "2020-01-01"/],
  ["a misspelt element of the document", { Statements: [], Statement: [] }, /"Statements"/],
  ["a statement that is a text", { Statement: ["Allow"] }, /statement 0: is not a JSON object/],
  [
    "an Effect in lower case",
    { Statement: { Effect: "allow", Action: "*", Resource: "*" } },
    /Effect is neither/,
  ],
  ["no Effect", { Statement: { Action: "*", Resource: "*" } }, /Effect is neither/],
  ["no Action", { Statement: { Effect: "Allow", Resource: "*" } }, /has no Action/],
  [
    "Action and NotAction",
    { Statement: { Effect: "Allow", Action: "*", NotAction: "s3:*", Resource: "*" } },
    /both Action and NotAction/,
  ],
  [
    "an Action without a service",
    { Statement: { Effect: "Allow", Action: "GetObject", Resource: "*" } },
    /"GetObject" has no service/,
  ],
  ["an Action that is a number", { Statement: { Effect: "Allow", Action: 1, Resource: "*" } }, /holds 1/],
  [
    "an empty list of actions",
    { Statement: { Effect: "Allow", NotAction: [], Resource: "*" } },
    /Action is empty/,
  ],
  ["no Resource", { Statement: { Effect: "Allow", Action: "*" } }, /has no Resource/],
  [
    "Resource and NotResource",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", NotResource: "*" } },
    /both Resource and NotResource/,
  ],
  [
    "an empty list of resources",
    { Statement: { Effect: "Deny", Action: "*", NotResource: [] } },
    /Resource is empty/,
  ],
  [
    "a Principal in an identity policy",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Principal: "*" } },
    /has a Principal/,
  ],
  [
    "a misspelt Condition",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Conditions: {} } },
    /"Conditions"/,
  ],
  [
    "a Condition that is a list",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition: [] } },
    /Condition is not a JSON object/,
  ],
  [
    "an unknown operator",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition: { StringSame: { a: "b" } } } },
    /"StringSame" is not a condition operator/,
  ],
  [
    "an unknown set operator",
    {
      Statement: {
        Effect: "Allow",
        Action: "*",
        Resource: "*",
        Condition: { "ForSome:StringEquals": { a: "b" } },
      },
    },
    /is not a condition operator/,
  ],
  [
    "Null with IfExists",
    {
      Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition: { NullIfExists: { a: "true" } } },
    },
    /IfExists/,
  ],
  [
    "Null of what is no boolean",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition: { Null: { a: "yes" } } } },
    /write true or false/,
  ],
  [
    "a condition value that is an object",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition: { StringEquals: { a: {} } } } },
    /write a text, number or boolean/,
  ],
];

/** The same for a resource's policy. */
export const malformedResource: typeof malformed = [
  ["no Principal", { Statement: { Effect: "Allow", Action: "*", Resource: "*" } }, /has no Principal/],
  [
    "Principal and NotPrincipal",
    { Statement: { Effect: "Deny", Action: "*", Resource: "*", Principal: "*", NotPrincipal: "*" } },
    /both Principal and NotPrincipal/,
  ],
  [
    "a Principal that is an ARN",
    {
      Statement: { Effect: "Allow", Action: "*", Resource: "*", Principal: "arn:aws:iam::111111111111:root" },
    },
    /Principal is neither/,
  ],
  [
    "a Principal of unknown kind",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Principal: { Aws: "*" } } },
    /Principal has "Aws"/,
  ],
  [
    "an empty list of principals",
    { Statement: { Effect: "Allow", Action: "*", Resource: "*", Principal: { AWS: [] } } },
    /Principal AWS is empty/,
  ],
];
