/**
 * Properties of policy evaluation that hold for every question. It does not prove that an answer is AWS's: for that see `cases/` and
 * the comparison with an oracle.
 */
import { expect } from "chai";
import fc from "fast-check";
import {
  type AccessPolicies,
  type Decision,
  evaluate,
  type PolicyDocument,
  type PolicyStatement,
} from "@feature-store-access/iam";
import { question, randomFrom, type Question } from "./questions";
import { allow, deny, doc, when } from "./words";

const questions: fc.Arbitrary<Question> = fc
  .integer({ min: 0, max: 2 ** 31 })
  .map((seed) => question(randomFrom(seed)));
const RUNS = { numRuns: 500 };

const RANK: Readonly<Record<Decision, number>> = { ExplicitlyDenied: 0, ImplicitlyDenied: 1, Allowed: 2 };

function rank({ request, policies }: Question): number {
  return RANK[evaluate(request, policies).result];
}

function statementsOf(document: PolicyDocument): PolicyStatement[] {
  return [document.Statement].flat<readonly (PolicyStatement | readonly PolicyStatement[])[]>();
}

function everyDocument(
  policies: AccessPolicies,
  change: (document: PolicyDocument) => PolicyDocument,
): AccessPolicies {
  const all = (documents?: readonly PolicyDocument[]) => documents?.map(change);
  return {
    ...policies,
    identity: policies.identity.map(change),
    resource: policies.resource && change(policies.resource),
    permissionsBoundary: all(policies.permissionsBoundary),
    session: all(policies.session),
    serviceControl: policies.serviceControl?.map((level) => level.map(change)),
    resourceControl: policies.resourceControl?.map((level) => level.map(change)),
    vpcEndpoint: all(policies.vpcEndpoint),
  };
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe("evaluate: what always holds", () => {
  it("answers the same again, and alters nothing", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { request, policies } = frozen(structuredClone(asked));
        expect(evaluate(request, policies)).to.deep.equal(evaluate(request, structuredClone(policies)));
      }),
      RUNS,
    );
  });

  it("does not depend on the order of statements and documents", () => {
    fc.assert(
      fc.property(questions, ({ request, policies }) => {
        const reversed = everyDocument(policies, (document) => ({
          ...document,
          Statement: statementsOf(document).reverse(),
        }));
        const turned = { ...reversed, identity: [...reversed.identity].reverse() };
        expect(rank({ request, policies: turned })).to.equal(rank({ request, policies }));
      }),
      RUNS,
    );
  });

  it("does not depend on how statements are spread over identity policies", () => {
    fc.assert(
      fc.property(questions, ({ request, policies }) => {
        const spread = policies.identity.flatMap((document) =>
          statementsOf(document).map((Statement) => ({ ...document, Statement })),
        );
        expect(rank({ request, policies: { ...policies, identity: spread } })).to.equal(
          rank({ request, policies }),
        );
      }),
      RUNS,
    );
  });

  it("does not depend on the case of actions and condition keys", () => {
    fc.assert(
      fc.property(questions, ({ request, policies }) => {
        const entries = Object.entries(request.context ?? {}).map(([key, value]) => [
          key.toUpperCase(),
          value,
        ]);
        const other = {
          ...request,
          action: request.action.toUpperCase(),
          context: Object.fromEntries(entries) as typeof request.context,
        };
        expect(rank({ request: other, policies })).to.equal(rank({ request, policies }));
      }),
      RUNS,
    );
  });

  const additions = fc.constantFrom(
    "identity",
    "resource",
    "permissionsBoundary",
    "session",
    "serviceControl",
  );
  type Where = "identity" | "resource" | "permissionsBoundary" | "session" | "serviceControl";

  /** The policies with one more statement in a document that is there; an identity policy can always be added. */
  function withOneMore(policies: AccessPolicies, where: Where, statement: PolicyStatement): AccessPolicies {
    const extended = (document: PolicyDocument): PolicyDocument => ({
      ...document,
      Statement: [
        ...statementsOf(document),
        where === "resource" ? { ...statement, Principal: "*" } : statement,
      ],
    });
    if (where === "identity") return { ...policies, identity: [...policies.identity, doc(statement)] };
    if (where === "resource")
      return { ...policies, resource: policies.resource && extended(policies.resource) };
    if (where === "serviceControl")
      return { ...policies, serviceControl: policies.serviceControl?.map((level) => level.map(extended)) };
    return { ...policies, [where]: policies[where]?.map(extended) };
  }

  it("never takes access away for one more Allow", () => {
    fc.assert(
      fc.property(questions, additions, ({ request, policies }, where) => {
        const more = withOneMore(policies, where, allow("*"));
        expect(rank({ request, policies: more })).to.be.at.least(rank({ request, policies }));
      }),
      RUNS,
    );
  });

  it("never gives access for one more Deny, nor for one that is narrower", () => {
    fc.assert(
      fc.property(questions, additions, fc.boolean(), ({ request, policies }, where, narrow) => {
        const statement = narrow ? when(deny("*"), { Bool: { "aws:SecureTransport": "false" } }) : deny("*");
        const more = withOneMore(policies, where, statement);
        expect(rank({ request, policies: more })).to.be.at.most(rank({ request, policies }));
      }),
      RUNS,
    );
  });

  it("never gives access for one more limit", () => {
    const limits: fc.Arbitrary<Partial<AccessPolicies>> = fc.constantFrom(
      { permissionsBoundary: [doc(allow("s3:*"))] },
      { session: [doc(allow("s3:*"))] },
      { serviceControl: [[doc(allow("s3:*"))]] },
      { vpcEndpoint: [doc({ ...allow("s3:*"), Principal: "*" })] },
      { resourceControl: [[doc({ ...deny("kms:*"), Principal: "*" })]] },
    );
    fc.assert(
      fc.property(questions, limits, ({ request, policies }, limit) => {
        const kinds = Object.keys(limit) as (keyof AccessPolicies)[];
        fc.pre(kinds.every((kind) => policies[kind] === undefined));
        // A federated user's session policy is what gives it anything at all.
        fc.pre(!kinds.includes("session") || !request.principal.includes(":federated-user/"));
        expect(rank({ request, policies: { ...policies, ...limit } })).to.be.at.most(
          rank({ request, policies }),
        );
      }),
      RUNS,
    );
  });

  it("never allows where every statement is a Deny, or none is there", () => {
    fc.assert(
      fc.property(questions, fc.boolean(), ({ request, policies }, empty) => {
        // The root user of the resource's account needs no statement: no question here asks as one of those.
        fc.pre(!request.principal.endsWith(":root"));
        const closed = everyDocument(policies, (document) => ({
          ...document,
          Statement: empty
            ? []
            : statementsOf(document).map((each) => ({ ...each, Effect: "Deny" as const })),
        }));
        expect(evaluate(request, closed).result).to.not.equal("Allowed");
      }),
      RUNS,
    );
  });
});
