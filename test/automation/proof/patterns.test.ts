/** Patterns as sets: what `within` and `overlap` say holds for every text that the matcher of policies takes. */
import { expect } from "chai";
import fc from "fast-check";
import { glob, meet, overlap, sampleOf, within } from "@feature-store-access/iam";

const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 6 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 6 });

/** Every text of up to six of three letters would be 1,093: few enough to ask all up to four. */
const ALL = ["", ...words(["a", "b", "/"], 4)];
function words(letters: readonly string[], length: number): string[] {
  if (length === 0) return [];
  const shorter = words(letters, length - 1);
  return [
    ...new Set([
      ...letters,
      ...shorter,
      ...shorter.flatMap((word) => letters.map((letter) => word + letter)),
    ]),
  ];
}

describe("access patterns", () => {
  it("within: what the inner one takes, the outer one takes", () =>
    fc.assert(
      fc.property(pattern, pattern, text, (inner, outer, each) => {
        if (within(inner, outer) && glob(inner)(each)) expect(glob(outer)(each)).to.equal(true);
      }),
      { numRuns: 3000 },
    ));

  it("overlap: exactly where some text is taken by both", () =>
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const common = ALL.some((each) => glob(one)(each) && glob(other)(each));
        // A common text may be longer than those that are tried; none can be where overlap says so.
        if (common) expect(overlap(one, other)).to.equal(true);
        if (!overlap(one, other)) expect(common).to.equal(false);
      }),
      { numRuns: 1000 },
    ));

  it("a sample is taken by its pattern, and a pattern is within itself and *", () =>
    fc.assert(
      fc.property(pattern, (each) => {
        expect(glob(each)(sampleOf(each))).to.equal(true);
        expect(within(each, each) && within(each, "*")).to.equal(true);
        expect(meet(each, "*")).to.deep.equal([each]);
      }),
    ));

  it("tells the cases that policies are made of", () => {
    expect(within("arn:aws:s3:::b/p/x/*", "arn:aws:s3:::b/p/*")).to.equal(true);
    expect(within("arn:aws:s3:::b/p/*", "arn:aws:s3:::b/p/x/*")).to.equal(false);
    expect(within("arn:aws:s3:::b/p*", "arn:aws:s3:::b/p/*")).to.equal(false);
    expect(within("a?c", "a*c")).to.equal(true);
    expect(within("a*c", "a?c")).to.equal(false);
    expect(overlap("arn:aws:s3:::*sagemaker*", "arn:aws:s3:::shop-sagemaker/*")).to.equal(true);
    expect(overlap("arn:aws:s3:::a/*", "arn:aws:s3:::b/*")).to.equal(false);
  });
});
