/**
 * Questions with a fixed seed: requests and policies that are often near the edge between allowed and denied. Shared by
 * the comparison with the oracle, the properties and the benchmark.
 */
import type {
  PolicyStatement,
  PolicyDocument,
  AccessPolicies,
  AccessRequest,
} from "@feature-store-access/iam";
import { A, B, TARGETS, CONDITIONS, CALLERS, NAMED, SPARED } from "./questionPools";

export interface Question {
  readonly request: AccessRequest;
  readonly policies: AccessPolicies;
}

type Random = () => number;

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

/** Excludes malformed ARNs such as `arn:aws:iam::ID/ROLE`, which the two evaluators read differently under NotResource. */
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

/** A resource control policy as Organizations accepts it: it denies, and names its service and everyone as principal. */
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
