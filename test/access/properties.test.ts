/**
 * What holds of policy evaluation whatever is asked. It does not prove that an answer is AWS's: for that see `cases/` and
 * the comparison with an oracle.
 */
import { expect } from "chai";
import fc from "fast-check";
import { evaluate } from "../../access/evaluate";
import { arnMatches, resourceMatches } from "../../access/arn";
import { glob } from "../../access/glob";
import type { AccessPolicies, Decision, PolicyDocument, PolicyStatement } from "../../access/types";
import { question, randomFrom, type Question } from "./questions";
import { A, allow, ask, deny, doc, object, sessionA, when } from "./words";

const questions: fc.Arbitrary<Question> = fc
  .integer({ min: 0, max: 2 ** 31 })
  .map((seed) => question(randomFrom(seed)));
const RUNS = { numRuns: 500 };

const RANK: Readonly<Record<Decision, number>> = { ExplicitlyDenied: 0, ImplicitlyDenied: 1, Allowed: 2 };

function rank({ request, policies }: Question): number {
  return RANK[evaluate(request, policies).result];
}

function statementsOf(document: PolicyDocument): PolicyStatement[] {
  return [document.Statement].flat() as PolicyStatement[];
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

describe("evaluate: texts of any kind", () => {
  const texts = fc.string({ unit: "grapheme", maxLength: 30 });
  const operators = fc
    .constantFrom("String", "Numeric", "Date", "Arn")
    .chain((type) =>
      fc.constantFrom(`${type}Equals`, `${type}NotEquals`).map((name) => [name, type] as const),
    );
  const others = fc.constantFrom(
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "StringLike",
    "ArnLike",
    "DateLessThan",
  );

  it("throws for none, in resources, values and contexts", () => {
    const names = fc.oneof(
      operators.map(([name]) => name),
      others,
    );
    const sets = fc.constantFrom("", "ForAllValues:", "ForAnyValue:");
    fc.assert(
      fc.property(
        names,
        sets,
        fc.boolean(),
        texts,
        fc.array(texts, { maxLength: 3 }),
        (name, set, ifExists, value, given) => {
          const condition = { [`${set}${name}${ifExists ? "IfExists" : ""}`]: { "x:key": value } };
          const statement = when(allow("s3:*", ["*", value]), condition);
          const request = ask(sessionA, "s3:GetObject", object, A, { "x:key": given });
          expect(evaluate(request, { identity: [doc(statement)] }).result).to.be.oneOf([
            "Allowed",
            "ImplicitlyDenied",
          ]);
        },
      ),
      RUNS,
    );
  });

  it("negates an operator by its Not, for a key with one value", () => {
    const negated = fc.constantFrom(
      ["StringEquals", "StringNotEquals"],
      ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
      ["StringLike", "StringNotLike"],
      ["ArnLike", "ArnNotLike"],
      ["NumericEquals", "NumericNotEquals"],
      ["DateEquals", "DateNotEquals"],
      ["IpAddress", "NotIpAddress"],
    );
    fc.assert(
      fc.property(
        negated,
        fc.array(texts, { minLength: 1, maxLength: 3 }),
        texts,
        ([one, other], values, given) => {
          const request = ask(sessionA, "s3:GetObject", object, A, { "x:key": given });
          const holds = [one, other].map((name) => {
            const identity = [doc(when(allow("*"), { [name ?? ""]: { "x:key": values } }))];
            return evaluate(request, { identity }).result === "Allowed";
          });
          expect(holds[0]).to.not.equal(holds[1]);
        },
      ),
      RUNS,
    );
  });
});

describe("evaluate: wildcards", () => {
  const pieces = fc.constantFrom("a", "b", "/", ":", ".", "*", "?", "(", "$");
  const patterns = fc.array(pieces, { maxLength: 10 }).map((all) => all.join(""));
  const plain = fc
    .array(fc.constantFrom("a", "b", "/", ":", ".", "(", "$"), { maxLength: 12 })
    .map((all) => all.join(""));

  it("match as the regular expression that they stand for", () => {
    fc.assert(
      fc.property(patterns, plain, (pattern, text) => {
        const quoted = pattern.replace(/[.*+?^${}()|[\]\\]/g, (each) =>
          each === "*" ? "[^]*" : each === "?" ? "[^]" : `\\${each}`,
        );
        expect(glob(pattern)(text)).to.equal(new RegExp(`^${quoted}$`).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it("match what they were cut from", () => {
    fc.assert(
      fc.property(plain, fc.nat(12), fc.nat(12), (text, from, length) => {
        const arn = `arn:aws:s3:::${text}`;
        const pattern = `arn:aws:s3:::${text.slice(0, from)}*${text.slice(from + length)}`;
        expect(arnMatches(pattern, arn)).to.equal(true);
        expect(resourceMatches(pattern, arn, false)).to.equal(true);
      }),
      RUNS,
    );
  });
});
