/**
 * Questions with a fixed seed: requests and policies that are often near the edge between allowed and denied. Shared by
 * the comparison with the oracle, the properties and the benchmark.
 */
import type {
  AccessPolicies,
  AccessRequest,
  ConditionElement,
  PolicyDocument,
  PolicyStatement,
  PrincipalElement,
} from "../../access/types";

export interface Question {
  readonly request: AccessRequest;
  readonly policies: AccessPolicies;
}

type Random = () => number;

const A = "111111111111";
const B = "222222222222";
const BUCKET = "arn:aws:s3:::lake-sagemaker";
const KEY = `arn:aws:kms:eu-west-1:${B}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const GROUP = `arn:aws:sagemaker:eu-west-1:${B}:feature-group/orders`;
const ROLE = `arn:aws:iam::${B}:role/cross-account-assume-role`;

const TARGETS: readonly (readonly [
  actions: readonly string[],
  resource: string,
  patterns: readonly string[],
])[] = [
  [
    ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject"],
    `${BUCKET}/features/part-1.parquet`,
    [
      `${BUCKET}/*`,
      BUCKET,
      `${BUCKET}/`,
      "arn:aws:s3:::*sagemaker*",
      `${BUCKET}/features/part-?.parquet`,
      `${BUCKET}/\${aws:PrincipalTag/team}/*`,
    ],
  ],
  [["s3:ListBucket", "s3:GetBucketAcl"], BUCKET, [BUCKET, `${BUCKET}/*`, `${BUCKET}*`, "arn:aws:s3:::*"]],
  [
    ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"],
    KEY,
    [KEY, `arn:aws:kms:*:${B}:key/*`, "arn:aws:kms:us-east-1:*:key/*"],
  ],
  [
    ["sts:AssumeRole"],
    ROLE,
    [ROLE, `arn:aws:iam::${B}:role/*`, `arn:aws:iam::${B}/cross-account-assume-role`],
  ],
  [
    ["sagemaker:PutRecord", "sagemaker:GetRecord"],
    GROUP,
    [GROUP, "arn:aws:sagemaker:*:*:feature-group/*", `arn:aws:sagemaker:eu-west-1:${A}:feature-group/orders`],
  ],
];

const CONDITIONS: readonly ConditionElement[] = [
  { StringEquals: { "aws:PrincipalTag/team": "features" } },
  { StringNotEquals: { "aws:PrincipalOrgID": ["o-aaaaaaaaaa", "o-bbbbbbbbbb"] } },
  { StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } },
  { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${A}:role/W*` } },
  { StringNotLike: { "aws:PrincipalArn": ["*:user/*", "*:root"] } },
  { StringEqualsIgnoreCase: { "aws:PrincipalTag/team": "FEATURES" } },
  { StringNotEqualsIgnoreCase: { "aws:PrincipalTag/team": "Features" } },
  { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/*` } },
  { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${B}:role/Reader` } },
  { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${A}:*` } },
  { ArnNotEqualsIfExists: { "aws:PrincipalArn": `arn:aws:iam::${A}:user/ann` } },
  { Bool: { "aws:SecureTransport": "false" } },
  { Bool: { "aws:SecureTransport": true } },
  { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } },
  { Null: { "aws:PrincipalTag/team": "true" } },
  { Null: { "aws:SourceVpce": "false" } },
  { NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } },
  { NumericGreaterThanEqualsIfExists: { "aws:MultiFactorAuthAge": 300 } },
  { NumericNotEquals: { "aws:MultiFactorAuthAge": "300" } },
  { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } },
  { DateLessThanEquals: { "aws:CurrentTime": "2026-06-30T12:00:00Z" } },
  { DateNotEquals: { "aws:CurrentTime": "2026-06-30T12:00:00Z" } },
  { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
  { NotIpAddress: { "aws:SourceIp": "203.0.113.7" } },
  { "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "env"] } },
  { "ForAnyValue:StringEquals": { "aws:TagKeys": ["team", "owner"] } },
  { "ForAllValues:StringNotLike": { "aws:TagKeys": "own*" } },
  { "ForAnyValue:StringNotEquals": { "aws:CalledVia": "athena.amazonaws.com" } },
  { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } },
  { StringNotEquals: { "aws:PrincipalAccount": "${aws:PrincipalTag/team}" } },
  { StringNotLike: { "aws:SourceVpce": "${aws:PrincipalTag/area}*" } },
  { StringLike: { "aws:PrincipalTag/team": ["${*}", "feature${?}"] } },
  { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:ResourceAccount}:*" } },
  { StringEquals: { "sts:ExternalId": "store" } },
  { StringNotEqualsIfExists: { "sts:ExternalId": ["store", "other"] } },
  { StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com", "sagemaker.eu-west-1.amazonaws.com"] } },
  { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-aaaaaaaaaa/r-ab12/ou-*" } },
  { "ForAllValues:StringLikeIfExists": { "aws:CalledVia": ["athena.*", "glue.*"] } },
  { NumericEquals: { "aws:MultiFactorAuthAge": ["60", "61"] } },
  { DateGreaterThanEquals: { "aws:TokenIssueTime": "2026-06-30T12:00:00Z" } },
  { DateLessThan: { "aws:EpochTime": "1782820800" } },
  { Null: { "aws:TagKeys": ["true"] }, StringEquals: { "aws:PrincipalType": "AssumedRole" } },
  { IpAddress: { "aws:SourceIp": "203.0.113.128/25" }, BoolIfExists: { "aws:ViaAWSService": "false" } },
  { StringLike: { "aws:userid": "AROAWRITER:*" } },
  {
    StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/area, 'features'}" },
    Bool: { "aws:SecureTransport": "true" },
  },
];

const CALLERS = [
  [`arn:aws:sts::${A}:assumed-role/Writer/job`, `arn:aws:iam::${A}:role/Writer`, "AROAWRITER:job"],
  [`arn:aws:sts::${B}:assumed-role/Reader/job`, `arn:aws:iam::${B}:role/Reader`, "AROAREADER:job"],
  [`arn:aws:iam::${A}:role/Writer`, `arn:aws:iam::${A}:role/Writer`, "AROAWRITER:job"],
  [`arn:aws:iam::${B}:role/Reader`, `arn:aws:iam::${B}:role/Reader`, "AROAREADER:job"],
  [`arn:aws:iam::${A}:user/ann`, `arn:aws:iam::${A}:user/ann`, "AIDAANN"],
  [`arn:aws:iam::${B}:user/bob`, `arn:aws:iam::${B}:user/bob`, "AIDABOB"],
  [`arn:aws:sts::${A}:federated-user/app`, `arn:aws:sts::${A}:federated-user/app`, `${A}:app`],
  [`arn:aws:iam::${B}:root`, `arn:aws:iam::${B}:root`, B],
  [`arn:aws:iam::${A}:root`, `arn:aws:iam::${A}:root`, A],
  ["sagemaker.amazonaws.com", "", ""],
  ["anonymous", "", ""],
] as const;

const NAMED: readonly PrincipalElement[] = [
  "*",
  { AWS: "*" },
  { AWS: A },
  { AWS: `arn:aws:iam::${A}:root` },
  { AWS: [`arn:aws:iam::${B}:root`] },
  { AWS: `arn:aws:iam::${A}:role/Writer` },
  { AWS: [`arn:aws:iam::${A}:role/Writer`, `arn:aws:iam::${B}:role/Reader`] },
  { AWS: `arn:aws:sts::${A}:assumed-role/Writer/job` },
  { AWS: `arn:aws:sts::${B}:assumed-role/Reader/job` },
  { AWS: [`arn:aws:iam::${A}:user/ann`, `arn:aws:iam::${B}:user/bob`] },
  { AWS: `arn:aws:sts::${A}:federated-user/app` },
  { Service: "sagemaker.amazonaws.com" },
  { Service: "glue.amazonaws.com", AWS: `arn:aws:iam::${B}:role/Reader` },
];

const SPARED: readonly PrincipalElement[] = [
  { AWS: [`arn:aws:iam::${A}:root`] },
  {
    AWS: [
      `arn:aws:iam::${A}:root`,
      `arn:aws:iam::${A}:role/Writer`,
      `arn:aws:sts::${A}:assumed-role/Writer/job`,
    ],
  },
  { AWS: [`arn:aws:iam::${B}:root`, `arn:aws:iam::${B}:user/bob`] },
  { Service: "sagemaker.amazonaws.com" },
];

/** Numbers in [0, 1) from a seed (mulberry32), the same on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(random: Random, all: readonly T[]): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new RangeError("nothing to pick from");
  return one;
}

/** One question; the next with the next call. */
export function question(random: Random): Question {
  const [actions, resource, patterns] = pick(random, TARGETS);
  const [principal, principalArn, userid] = pick(random, CALLERS);
  const action = pick(random, actions);
  const owner = resource.startsWith("arn:aws:s3") ? pick(random, [A, B]) : B;
  const own = principalArn !== "";
  const about = { action, actions, patterns };
  const maybe = <T>(chance: number, make: () => T): T | undefined => (random() < chance ? make() : undefined);
  const document = (allow = 0.75) => identityDocument(random, about, allow);
  const context = contextOf(random, principal, principalArn, userid, owner, action.split(":")[0] ?? "");
  const mayHaveSession = own && /:(role|assumed-role|federated-user)\//.test(principal);
  return {
    request: { principal, action, resource, resourceAccount: owner, context },
    policies: {
      identity:
        own && !principal.endsWith(":root") ? [document(0.9), ...(random() < 0.4 ? [document()] : [])] : [],
      // A role always has a trust policy.
      resource: maybe(action === "sts:AssumeRole" ? 1 : 0.75, () =>
        resourceDocument(random, about, action === "sts:AssumeRole"),
      ),
      permissionsBoundary:
        own && !principal.endsWith(":root") ? maybe(0.2, () => [document(0.9)]) : undefined,
      session: mayHaveSession ? maybe(0.2, () => [document(0.9)]) : undefined,
      serviceControl: own
        ? maybe(0.2, () => [[FULL], [FULL, document()].slice(random() < 0.3 ? 1 : 0)])
        : undefined,
      resourceControl: maybe(0.15, () => [[controlDocument(random, about)]]),
      vpcEndpoint: maybe(0.1, () => [withPrincipal(random() < 0.6 ? FULL : document(0.9))]),
    },
  };
}

const TYPES: Readonly<Record<string, string>> = {
  user: "User",
  root: "Account",
  "federated-user": "FederatedUser",
};
const FULL: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

interface About {
  readonly action: string;
  readonly actions: readonly string[];
  readonly patterns: readonly string[];
}

function identityDocument(random: Random, about: About, allow: number): PolicyDocument {
  const count = 1 + Math.floor(random() * 2);
  return {
    Version: "2012-10-17",
    Statement: Array.from({ length: count }, () => statement(random, about, allow)),
  };
}

function statement(random: Random, { action, actions, patterns }: About, allow: number): PolicyStatement {
  const service = action.slice(0, action.indexOf(":"));
  const named = [action, [...actions], `${service}:*`, "*", `${action.slice(0, -3)}*`, pick(random, actions)];
  return {
    Effect: random() < allow ? "Allow" : "Deny",
    ...(random() < 0.1
      ? { NotAction: pick(random, [action, "iam:*", pick(random, actions)]) }
      : { Action: pick(random, named) }),
    ...(random() < 0.1
      ? { NotResource: pick(random, patterns.filter(isWhole)) }
      : { Resource: random() < 0.4 ? "*" : pick(random, patterns) }),
    ...(random() < 0.45 ? { Condition: pick(random, CONDITIONS) } : {}),
  };
}

/** Excludes seed 001's `arn:aws:iam::ID/ROLE`, of which the two evaluators make different things under NotResource. */
function isWhole(pattern: string): boolean {
  return pattern.split(":").length >= 6;
}

function resourceDocument(random: Random, about: About, trust: boolean): PolicyDocument {
  const one = (): PolicyStatement => {
    const { Resource, NotResource, ...rest } = statement(random, about, 0.85);
    const kept = trust ? {} : Resource === undefined ? { NotResource } : { Resource };
    if (rest.Effect === "Deny" && random() < 0.25)
      return { ...rest, ...kept, NotPrincipal: pick(random, SPARED) };
    return { ...rest, ...kept, Principal: pick(random, NAMED) };
  };
  return { Version: "2012-10-17", Statement: Array.from({ length: 1 + Math.floor(random() * 3) }, one) };
}

/** What Organizations takes as a resource control policy: it denies, names its service, and everyone as principal. */
function controlDocument(random: Random, about: About): PolicyDocument {
  const service = about.action.slice(0, about.action.indexOf(":"));
  const { NotAction, Action, ...rest } = statement(random, about, 0);
  const named = NotAction === undefined && Action !== "*" ? Action : `${service}:*`;
  return { Version: "2012-10-17", Statement: [{ ...rest, Action: named, Principal: "*" }] };
}

function withPrincipal(document: PolicyDocument): PolicyDocument {
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return {
    ...document,
    Statement: (statements as readonly PolicyStatement[]).map((each) => ({ ...each, Principal: "*" })),
  };
}

function contextOf(
  random: Random,
  principal: string,
  principalArn: string,
  userid: string,
  owner: string,
  service: string,
) {
  const optional: [string, () => string | string[]][] = [
    ["aws:PrincipalTag/team", () => pick(random, ["features", "Features", "sales", "*"])],
    ["aws:PrincipalOrgID", () => pick(random, ["o-aaaaaaaaaa", "o-cccccccccc"])],
    ["aws:SourceVpce", () => pick(random, ["vpce-1", "vpce-2"])],
    ["aws:MultiFactorAuthPresent", () => pick(random, ["true", "false"])],
    ["aws:MultiFactorAuthAge", () => pick(random, ["60", "300", "7200"])],
    ["aws:TagKeys", () => pick(random, [["team"], ["team", "env"], ["owner", "team"]])],
    [
      "aws:CalledVia",
      () => pick(random, [["athena.amazonaws.com"], ["athena.amazonaws.com", "glue.amazonaws.com"]]),
    ],
    ["aws:PrincipalOrgPaths", () => [pick(random, ["o-aaaaaaaaaa/r-ab12/ou-1/", "o-cccccccccc/r-1/"])]],
    ["aws:TokenIssueTime", () => pick(random, ["2026-06-30T11:59:59Z", "2026-06-30T12:00:00Z"])],
    ["aws:EpochTime", () => pick(random, ["1782820799", "1782820800"])],
    ["aws:ViaAWSService", () => pick(random, ["true", "false"])],
    ...(service === "sts"
      ? [["sts:ExternalId", () => pick(random, ["store", "wrong"])] as [string, () => string]]
      : []),
    ...(service === "kms"
      ? [
          [
            "kms:ViaService",
            () => pick(random, ["s3.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"]),
          ] as [string, () => string],
        ]
      : []),
  ];
  const type = /:(user|root|federated-user)/.exec(principal)?.[1] ?? "role";
  const kept = optional.filter(() => random() < 0.5).map(([key, make]) => [key, make()] as const);
  const who: Readonly<Record<string, string>> =
    principalArn === ""
      ? principal === "anonymous"
        ? {}
        : { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal }
      : {
          "aws:PrincipalArn": principalArn,
          "aws:PrincipalAccount": principalArn.split(":")[4] ?? "",
          "aws:PrincipalType": TYPES[type] ?? "AssumedRole",
          "aws:PrincipalIsAWSService": "false",
          "aws:userid": userid,
        };
  return {
    "aws:SecureTransport": pick(random, ["true", "true", "false"]),
    "aws:CurrentTime": pick(random, ["2025-12-31T23:59:59Z", "2026-06-30T12:00:00Z", "2026-07-01T00:00:00Z"]),
    "aws:SourceIp": pick(random, ["203.0.113.7", "203.0.113.200", "198.51.100.1", "2001:db8::7"]),
    "aws:ResourceAccount": owner,
    ...who,
    ...Object.fromEntries(kept),
  };
}
