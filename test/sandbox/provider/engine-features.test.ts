/**
 * The provider under the real engine: imports, secrets, default tags, regions. What it does not prove: every type of
 * them (engine.test.ts has each type's life).
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { accountProvider, Bench, EMPTY, preview, TRUST, up } from "./support";

const A = "111111111111";
const B = "222222222222";

describe("provider: what @pulumi/aws offers, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.open();
  });
  after(() => bench.close());

  it("adopts what is there, by its ID alone", async () => {
    const first = await bench.stack("made", small({}));
    await first.up();
    const ids = (await first.outputs())["ids"]?.value as Record<string, string>;
    const second = await bench.stack("adopted", small({ ids }));
    expect((await up(second)).sort()).to.deep.equal(
      ["alias", "bucket", "key", "inline", "role", "versioning"].map((each) => `import ${each}`).sort(),
    );
    expect(await preview(second)).to.deep.equal([]);
    await second.destroy();
    await first.refresh();
    expect(await preview(first)).to.have.length(6);
  });

  it("keeps secret what is made of secrets", async () => {
    const stack = await bench.stack("secret", () =>
      Promise.resolve({
        description: new aws.iam.Role(
          "hidden",
          { description: pulumi.secret("hidden words"), assumeRolePolicy: TRUST },
          { provider: accountProvider("a", A) },
        ).description,
      }),
    );
    await stack.up();
    expect((await stack.outputs())["description"]).to.deep.equal({ value: "hidden words", secret: true });
    expect(bench.stateOf("secret")).to.include("hidden").and.not.include("hidden words");
    await stack.destroy();
  });

  it("brings the provider's other default tags to its resources", async () => {
    let team = "ml";
    const stack = await bench.stack("tags", () => {
      const provider = accountProvider("a", A, { defaultTags: { tags: { team } } });
      const role = new aws.iam.Role(
        "tagged",
        { assumeRolePolicy: TRUST, tags: { team: "ml" } },
        { provider },
      );
      const other = new aws.iam.Role("other", { assumeRolePolicy: TRUST }, { provider });
      return Promise.resolve({ own: role.tagsAll, default: other.tagsAll });
    });
    await stack.up();
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
    team = "data";
    expect(await up(stack)).to.deep.equal(["update other [tagsAll.team]"]);
    const outputs = await stack.outputs();
    expect(outputs["own"]?.value).to.deep.equal({ team: "ml" });
    expect(outputs["default"]?.value).to.deep.equal({ team: "data" });
    await stack.destroy();
  });

  it("gives each region its own resources", async () => {
    const stack = await bench.stack("regions", () => {
      const provider = accountProvider("b", B);
      const here = new aws.kms.Key("here", {}, { provider });
      const there = new aws.kms.Key("there", { region: "eu-west-1" }, { provider });
      return Promise.resolve({ here: here.arn, there: there.arn });
    });
    await stack.up();
    const outputs = await stack.outputs();
    expect(outputs["here"]?.value).to.match(/^arn:aws:kms:eu-central-1:/);
    expect(outputs["there"]?.value).to.match(/^arn:aws:kms:eu-west-1:/);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
    await stack.destroy();
  });
});

/** A few resources, made, or taken over by their IDs. */
function small({ ids }: { ids?: Record<string, string> }) {
  return () => {
    const provider = accountProvider("b", B);
    const options = (name: string) => ({ provider, import: ids?.[name] });
    const named = { name: "small" };
    const role = new aws.iam.Role("role", { ...named, assumeRolePolicy: TRUST }, options("role"));
    const inline = new aws.iam.RolePolicy(
      "inline",
      { ...named, role: role.id, policy: EMPTY },
      options("inline"),
    );
    const key = new aws.kms.Key("key", { description: "small", tags: { a: "b" } }, options("key"));
    const alias = new aws.kms.Alias("alias", { name: "alias/small", targetKeyId: key.arn }, options("alias"));
    const bucket = new aws.s3.Bucket("bucket", { bucket: "small-bucket-of-the-test" }, options("bucket"));
    const versioning = new aws.s3.BucketVersioning(
      "versioning",
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      options("versioning"),
    );
    const all = { role, inline, key, alias, bucket, versioning };
    return Promise.resolve({
      ids: pulumi.all(Object.fromEntries(Object.entries(all).map(([name, { id }]) => [name, id]))),
    });
  };
}
