// The parts of the verification that need no account: records that are tried with, and how answers are judged.
import { expect } from "chai";
import fc from "fast-check";
import { attempt, isDenial } from "../../../../automation/actions/verify/attempt";
import { parseS3Uri } from "../../../../automation/topologies/verification/offlineObject";
import { eventTimeValue, probeRecord } from "../../../../automation/topologies/verification/records";
import { checkTable } from "../../../../automation/report/checks";
import type { FeatureGroupSettings, FeatureType } from "../../../../components/settings";

const named = (name: string, message = "no") => Object.assign(new Error(message), { name });
const what = { as: "A", action: "s3:GetObject", resource: "s3://b/k" };

describe("an attempt", () => {
  it("is allowed if it works, denied if policies refuse it, and failed otherwise", async () => {
    const allowed = await attempt({ ...what, expected: "allowed", run: () => Promise.resolve("seen") });
    expect(allowed).to.deep.equal({
      ...what,
      expected: "allowed",
      actual: "allowed",
      ok: true,
      detail: "seen",
    });
    const denied = await attempt({
      ...what,
      expected: "denied",
      run: () => Promise.reject(named("AccessDenied")),
    });
    expect(denied).to.deep.include({ actual: "denied", ok: true, detail: "AccessDenied: no" });
    const failed = await attempt({
      ...what,
      expected: "denied",
      run: () => Promise.reject(named("NoSuchKey")),
    });
    expect(failed).to.deep.include({ actual: "failed", ok: false });
  });

  it("is not well if a refusal was expected and it works", async () => {
    expect(await attempt({ ...what, expected: "denied", run: () => Promise.resolve() })).to.include({
      actual: "allowed",
      ok: false,
    });
  });

  it("waits for IAM's changes where it should be allowed, and not where it should be refused", async () => {
    let tries = 0;
    const run = () => (++tries > 1 ? Promise.resolve() : Promise.reject(named("AccessDeniedException")));
    expect((await attempt({ ...what, expected: "allowed", run })).ok).to.equal(true);
    expect(tries).to.equal(2);
    expect(
      (await attempt({ ...what, expected: "allowed", run: () => Promise.reject(named("AccessDenied")) }, 0))
        .ok,
    ).to.equal(false);
  });

  it("takes no other error for a refusal", () => {
    for (const name of ["AccessDenied", "AccessDeniedException", "Forbidden"])
      expect(isDenial(named(name))).to.equal(true);
    for (const name of ["NoSuchBucket", "ExpiredToken", "TimeoutError", "Error"])
      expect(isDenial(named(name))).to.equal(false);
  });
});

describe("a record to try with", () => {
  const types: FeatureType[] = ["String", "Integral", "Fractional"];
  const group = (features: FeatureGroupSettings["features"]): FeatureGroupSettings => ({
    name: "g",
    recordIdentifier: "id",
    eventTime: "at",
    features,
    onlineStore: true,
    tags: {},
  });

  it("has a value of the right type for every feature, and an identifier of its own (property)", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.constantFrom<FeatureType>("String", "Fractional"),
        fc.array(fc.constantFrom(...types), { maxLength: 5 }),
        (id, at, others) => {
          const features = [
            { name: "id", type: id },
            { name: "at", type: at },
            ...others.map((type, index) => ({ name: `f${index}`, type })),
          ];
          const probe = probeRecord(group(features));
          const values = new Map(
            probe.record.map(({ FeatureName, ValueAsString }) => [FeatureName, ValueAsString ?? ""]),
          );
          expect([...values.keys()].sort()).to.deep.equal(features.map(({ name }) => name).sort());
          for (const { name, type } of features) {
            if (type === "Integral") expect(values.get(name)).to.match(/^\d{1,18}$/);
            if (type === "Fractional") expect(Number(values.get(name))).to.satisfy(Number.isFinite);
          }
          expect(probe.identifier).to.equal(values.get("id"));
        },
      ),
    );
  });

  it("writes event times in the two forms that Feature Store takes", () => {
    const time = new Date("2026-02-03T04:05:06.789Z");
    expect(eventTimeValue("String", time)).to.equal("2026-02-03T04:05:06Z");
    expect(eventTimeValue("Fractional", time)).to.equal("1770091506.789");
  });
});

describe("what is told of checks", () => {
  it("names failed ones with AWS's words, and counts", () => {
    const check = { ...what, expected: "denied" as const };
    const table = checkTable([
      { ...check, actual: "denied", ok: true },
      { ...check, actual: "allowed", ok: false, detail: "it worked" },
    ]);
    expect(table)
      .to.contain("allowed, expected denied")
      .and.contain("A, s3:GetObject: it worked")
      .and.contain("1 of 2 checks as expected");
  });

  it("parses S3 URIs", () => {
    expect(parseS3Uri("s3://b/p/q")).to.deep.equal({ bucket: "b", key: "p/q" });
    expect(() => parseS3Uri("http://b")).to.throw("not an S3 URI");
  });
});
