/**
 * Hand-labelled cases of policy evaluation, each with the AWS page that decides it.
 * Proves that `evaluate` says what those pages say; not that AWS does: nothing here has asked a real account.
 */
import { expect } from "chai";
import {
  type ConditionElement,
  evaluate,
  type Evaluation,
  type KmsGrant,
  PolicyError,
  type RequestContext,
} from "@feature-store-access/iam";
import { callerCases } from "./cases/callers";
import { conditionCases } from "./cases/conditions";
import { conditionSetCases } from "./cases/conditionSets";
import { crossAccountCases } from "./cases/crossAccount";
import { keyCases } from "./cases/keys";
import { limitCases } from "./cases/limits";
import { malformedCases } from "./cases/malformed";
import { organizationCases } from "./cases/organization";
import { principalCases } from "./cases/principals";
import { roleCases } from "./cases/roles";
import { rootCases } from "./cases/roots";
import { statementCases } from "./cases/statements";
import { variableCases } from "./cases/variables";
import { A, allow, ask, deny, doc, keyA, object, sessionA, when, type Case } from "./words";

describe("evaluate: labelled cases", () => {
  const all: readonly Case[] = [
    ...statementCases,
    ...variableCases,
    ...principalCases,
    ...crossAccountCases,
    ...limitCases,
    ...organizationCases,
    ...keyCases,
    ...roleCases,
    ...rootCases,
    ...callerCases,
  ];
  for (const source of new Set(all.map((each) => each.source)))
    describe(source, () => {
      for (const { name, request, policies, expected } of all.filter((each) => each.source === source))
        it(`${name}: ${expected}`, () => {
          const evaluation = evaluate(request, policies);
          expect(evaluation.result).to.equal(expected);
          expectReasons(evaluation);
        });
    });

  it("are told apart by name and source", () => {
    const names = all.map(({ name, source }) => `${source}: ${name}`);
    expect(new Set(names).size).to.equal(names.length);
  });
});

/** Checks the promises of `Evaluation`'s docstrings for a case. */
function expectReasons({ result, statements, missing }: Evaluation): void {
  const effects = statements.flatMap(({ statement }) => (statement ? [statement.Effect] : []));
  if (result === "ExplicitlyDenied") {
    expect(effects).to.not.be.empty;
    expect(effects).to.not.include("Allow");
  } else expect(effects).to.not.include("Deny");
  if (result === "ImplicitlyDenied") expect(missing).to.not.be.empty;
  else expect(missing).to.be.empty;
}

describe("evaluate: labelled conditions", () => {
  for (const { name, condition, context, holds } of [...conditionCases, ...conditionSetCases])
    it(`${name}: ${holds ? "holds" : "does not hold"}`, () => {
      const request = ask(sessionA, "s3:GetObject", object, A, context);
      const asAllow = evaluate(request, { identity: [doc(when(allow("s3:*"), condition))] });
      expect(asAllow.result, "in an Allow").to.equal(holds ? "Allowed" : "ImplicitlyDenied");
      const asDeny = evaluate(request, { identity: [doc(allow("*"), when(deny("s3:*"), condition))] });
      expect(asDeny.result, "in a Deny").to.equal(holds ? "ExplicitlyDenied" : "Allowed");
    });
});

describe("evaluate: documents that IAM would not take", () => {
  for (const { name, policies, message } of malformedCases)
    it(name, () => {
      const request = ask(sessionA, "s3:GetObject", object, A);
      expect(() => evaluate(request, { identity: [], ...policies })).to.throw(PolicyError, message);
    });

  it("are wrong each time they are asked", () => {
    const wrong = { identity: [doc(when(allow("*"), { Nothing: { a: "b" } }))] };
    const request = ask(sessionA, "s3:GetObject", object, A);
    for (let time = 0; time < 2; time++) expect(() => evaluate(request, wrong)).to.throw(PolicyError);
  });

  it("are read again for the same document as another kind of policy", () => {
    const document = doc(allow("*"));
    const request = ask(sessionA, "s3:GetObject", object, A);
    expect(evaluate(request, { identity: [document] }).result).to.equal("Allowed");
    expect(() => evaluate(request, { identity: [], resource: document })).to.throw(PolicyError, /Principal/);
  });

  it("refuses a principal of no known form", () => {
    for (const principal of [
      "",
      "alice",
      "arn:aws:s3:::bucket",
      `arn:aws:iam::${A}:group/x`,
      `arn:aws:iam::${A}:role/`,
    ])
      expect(() => evaluate(ask(principal, "s3:GetObject", object, A), { identity: [] }), principal).to.throw(
        TypeError,
      );
  });
});

describe("evaluate: grants that are none", () => {
  const key = { KeyId: keyA, GranteePrincipal: sessionA, Operations: ["Decrypt"] };
  const asked = (grant: object) =>
    evaluate(ask(sessionA, "kms:Decrypt", keyA, A), { identity: [], grants: [grant as KmsGrant] });

  it("refuses a constraint that it does not know, which would let the grant give more than it says", () => {
    expect(asked(key).result).to.equal("Allowed");
    expect(() => asked({ ...key, Constraints: { SourceArn: "arn:aws:s3:::bucket" } })).to.throw(
      PolicyError,
      /constraint "SourceArn"/,
    );
  });

  it("refuses one without a grantee or operations", () => {
    expect(() => asked({ keyArn: keyA, operations: ["Decrypt"] })).to.throw(PolicyError, /no grantee/);
    expect(() => asked({ ...key, Operations: undefined })).to.throw(PolicyError, /no list of operations/);
  });
});

describe("evaluate: a context from JSON", () => {
  it("takes numbers and booleans as their texts, alone and in lists", () => {
    const context = { "aws:SecureTransport": false, "s3:max-keys": [10] } as unknown as RequestContext;
    const conditions: ConditionElement[] = [
      { Bool: { "aws:SecureTransport": "false" } },
      { NumericEquals: { "s3:max-keys": 10 } },
    ];
    for (const condition of conditions) {
      const identity = [doc(allow("*"), when(deny("s3:*"), condition))];
      const { result } = evaluate(ask(sessionA, "s3:GetObject", object, A, context), { identity });
      expect(result).to.equal("ExplicitlyDenied");
    }
  });
});
