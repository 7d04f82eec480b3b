/**
 * The upper bound holds: whom evaluation lets in, by whatever policies, the bound names, with the action and the resource.
 * It does not prove that the bound is narrow, nor anything of policies that are not of a model (boundaries, control policies).
 */
import { expect } from "chai";
import fc from "fast-check";
import {
  ActionCatalog,
  type ConditionElement,
  evaluate,
  glob,
  type PolicyDocument,
  type PolicyStatement,
  widest,
} from "@feature-store-access/iam";
import { bounds, type Bound } from "../../access/bound";
import type { AccessModel, ModelDocument, ModelResource, ModelRole } from "../../access/model";
import {
  A,
  B,
  allow,
  ask,
  bucket,
  doc,
  keyA,
  roleA,
  roleB,
  rootA,
  rootB,
  service,
  userA,
} from "../iam/words";

const C = "333333333333";
const target = `arn:aws:iam::${A}:role/target`;
const stranger = `arn:aws:iam::${C}:user/mallory`;
const objects = [`${bucket}/a/data`, `${bucket}/b/data`];
const ORGANIZATION = "o-abcdefghij";

/** What can be asked of each resource: actions, and what they are about. */
const ASKED = {
  bucket: [
    ...objects.flatMap((each) => [["s3:GetObject", each] as const, ["s3:PutObject", each] as const]),
    ["s3:ListBucket", bucket] as const,
  ],
  key: [["kms:Decrypt", keyA] as const, ["kms:CreateGrant", keyA] as const],
  role: [["sts:AssumeRole", target] as const],
};
const ACTIONS = [
  "*",
  "s3:*",
  "s3:Get*",
  "S3:getobject",
  "s3:ListBucket",
  "kms:*",
  "kms:Decrypt",
  "sts:AssumeRole",
];
const RESOURCES = [
  "*",
  "arn:aws:s3",
  bucket,
  `${bucket}/*`,
  `${bucket}/a/*`,
  `${bucket}/*/data`,
  `${bucket}/\${aws:PrincipalTag/team}/*`,
  `arn:aws:kms:*:${A}:key/*`,
  keyA,
  target,
];
const PRINCIPALS = [
  "*",
  { AWS: "*" },
  { AWS: roleA },
  { AWS: [roleB, A] },
  { AWS: rootB },
  { AWS: C },
  { Service: service },
];
const CONDITIONS: (ConditionElement | undefined)[] = [
  undefined,
  undefined,
  { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION } },
  { StringEquals: { "aws:PrincipalAccount": [B, C] } },
  { ArnLike: { "aws:PrincipalArn": [roleA, roleB] } },
  { StringNotEquals: { "aws:PrincipalAccount": A } },
];

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const lists = (values: string[]) => fc.uniqueArray(some(...values), { minLength: 1, maxLength: 2 });

function statements(trust: boolean, named: boolean): fc.Arbitrary<PolicyStatement> {
  return fc
    .record({
      Effect: fc.oneof({ arbitrary: fc.constant("Allow" as const), weight: 4 }, fc.constant("Deny" as const)),
      actions: lists(ACTIONS),
      notAction: fc.nat(9),
      resources: lists(RESOURCES),
      notResource: fc.nat(4),
      Principal: some(...PRINCIPALS),
      notPrincipal: fc.nat(9),
      Condition: some(...CONDITIONS),
    })
    .map(({ Effect, actions, notAction, resources, notResource, Principal, notPrincipal, Condition }) => ({
      Effect,
      ...(notAction === 0 ? { NotAction: actions } : { Action: actions }),
      ...(trust ? {} : notResource === 0 ? { NotResource: resources } : { Resource: resources }),
      ...(named ? (notPrincipal === 0 ? { NotPrincipal: Principal } : { Principal }) : {}),
      ...(Condition ? { Condition } : {}),
    })) as fc.Arbitrary<PolicyStatement>;
}

const policies = (trust: boolean, named: boolean): fc.Arbitrary<PolicyDocument> =>
  fc.array(statements(trust, named), { minLength: 1, maxLength: 3 }).map((all) => doc(...all));

interface Graph {
  readonly ofBucket: PolicyDocument;
  readonly ofKey: PolicyDocument;
  readonly ofTarget: PolicyDocument;
  readonly ofA: PolicyDocument;
  readonly ofB: PolicyDocument;
}

const graphs: fc.Arbitrary<Graph> = fc.record({
  ofBucket: policies(false, true),
  ofKey: policies(false, true),
  ofTarget: policies(true, true),
  ofA: policies(false, false),
  ofB: policies(false, false),
});

function modelOf({ ofBucket, ofKey, ofTarget, ofA, ofB }: Graph): AccessModel {
  const document = (kind: ModelDocument["kind"], text: PolicyDocument): ModelDocument => ({
    kind,
    document: text,
    name: kind,
    resource: kind,
  });
  const role = (arn: string, account: string, identity: PolicyDocument): ModelRole => ({
    arn,
    name: arn.slice(arn.lastIndexOf("/") + 1),
    label: arn,
    stage: "s",
    account,
    made: true,
    identity: [document("identity", identity)],
    tags: {},
  });
  const resource = (kind: "bucket" | "key" | "role", arn: string, policy: ModelDocument): ModelResource => ({
    kind,
    arn,
    label: arn,
    stage: "s",
    account: A,
    region: "eu-central-1",
    policy,
    tags: {},
    properties: {},
  });
  return {
    roles: [role(roleA, A, ofA), role(roleB, B, ofB)],
    resources: [
      resource("bucket", bucket, document("bucket", ofBucket)),
      resource("key", keyA, document("key", ofKey)),
      resource("role", target, document("trust", ofTarget)),
    ],
    unmodelled: [],
  };
}

const CALLERS = [roleA, roleB, userA, stranger, rootA, rootB, service, "anonymous"];

/** The names under which a caller may stand in a bound. */
function namesOf(principal: string): string[] {
  const account = /:(\d{12}):/.exec(principal)?.[1];
  if (account === undefined) return [principal, "anyone"];
  const organization = `every principal of organization ${ORGANIZATION}`;
  return [principal, `account ${account}`, `account ${account} (its owner)`, organization, "anyone"];
}

function names({ holders }: Bound, principal: string, action: string, resource: string): boolean {
  const known = namesOf(principal);
  return holders.some(
    ({ who, actions, scopes }) =>
      known.includes(who) &&
      (actions.includes("*") || actions.includes(action)) &&
      scopes.some(
        (scope) =>
          glob(widest(scope))(resource) || (who.endsWith("(its owner)") && resource.startsWith(scope)),
      ),
  );
}

describe("the upper bound", () => {
  let catalog: ActionCatalog;
  before(async () => void (catalog = await ActionCatalog.of(["s3", "kms", "sts"])));

  it("names everyone whom evaluation lets in", () => {
    let letIn = 0;
    fc.assert(
      fc.property(graphs, some("a", "b", undefined), (graph, team) => {
        const model = modelOf(graph);
        const found = bounds(model, catalog);
        for (const bound of found)
          for (const [action, resource] of ASKED[bound.resource.kind as keyof typeof ASKED])
            for (const principal of CALLERS) {
              const context = {
                ...(team === undefined ? {} : { "aws:PrincipalTag/team": team }),
                ...(principal.startsWith("arn:") ? { "aws:PrincipalOrgID": ORGANIZATION } : {}),
              };
              const identity = { [roleA]: graph.ofA, [roleB]: graph.ofB }[principal] ?? doc(allow("*"));
              const { policy } = bound.resource;
              const { result } = evaluate(ask(principal, action, resource, A, context), {
                identity: [identity],
                ...(policy ? { resource: policy.document } : {}),
              });
              if (result !== "Allowed") continue;
              letIn++;
              if (!names(bound, principal, action, resource))
                expect.fail(`${principal} may ${action} on ${resource}, and the bound does not say so`);
            }
      }),
      { numRuns: 200, seed: 20260630 },
    );
    expect(letIn).to.be.greaterThan(300);
  });
});
