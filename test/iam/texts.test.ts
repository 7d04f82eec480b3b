/**
 * Wildcards, condition operators and contexts with texts of any kind. It proves that they are consistent, not that they
 * read a text as AWS does: for that see `cases/`.
 */
import { expect } from "chai";
import fc from "fast-check";
import { arnMatcher, resourceMatcher } from "../../packages/iam/arn";
import { evaluate, glob } from "@feature-store-access/iam";
import { A, allow, ask, doc, object, sessionA, when } from "./words";

const RUNS = { numRuns: 500 };

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
          const statement = when(allow("s3:*", ["*", `arn:${value}`]), condition);
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
        expect(arnMatcher(pattern)(arn)).to.equal(true);
        expect(resourceMatcher(pattern, false)(arn)).to.equal(true);
      }),
      RUNS,
    );
  });
});
