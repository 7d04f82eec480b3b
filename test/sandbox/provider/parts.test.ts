/**
 * Configuration, credentials, retries, the engine's values and drift, each by itself. What it does not prove: that they
 * fit together (engine.test.ts).
 */
import { expect } from "chai";
import { checkAccount, configFailures, readConfig, seconds } from "../../../packages/sandbox/provider/config";
import { kept } from "../../../packages/sandbox/provider/credentials";
import { create, NotReady, read, update } from "../../../packages/sandbox/provider/operations";
import { resourceType } from "../../../packages/sandbox/provider/resources";
import { FAILED, PartlyMade, type ResourceType } from "../../../packages/sandbox/provider/resourceType";
import { NEW_ROLE, retrying, until } from "../../../packages/sandbox/provider/retry";
import { list, text } from "../../../packages/sandbox/provider/schema";
import { importedInputs, previewed } from "../../../packages/sandbox/provider/state";
import { UNKNOWN, type Properties } from "../../../packages/sandbox/provider/values";
import { plain } from "../../../packages/sandbox/provider/wire";
import type { Clients } from "../../../packages/sandbox/provider/clients";

const rejected = async (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => expect.fail("it went well"),
    (error: Error) => error,
  );

const storage = (outputs: Properties) =>
  (outputs["offlineStoreConfig"] as Properties)["s3StorageConfig"] as Properties;

describe("provider: configuration", () => {
  it("reads what @pulumi/aws sends as JSON text", () => {
    const config = readConfig({
      region: "eu-west-1",
      assumeRoles:
        '[{"roleArn":"arn:aws:iam::111111111111:role/a"},{"roleArn":"arn:aws:iam::222222222222:role/b"}]',
      allowedAccountIds: '["222222222222"]',
      defaultTags: '{"tags":{"team":"ml"}}',
      skipCredentialsValidation: "true",
      version: "7.48.0",
    });
    expect(config.assumeRoles.map(({ roleArn }) => roleArn.slice(-1))).to.deep.equal(["a", "b"]);
    expect(config).to.deep.include({
      allowedAccountIds: ["222222222222"],
      defaultTags: { team: "ml" },
      skipCredentialsValidation: true,
    });
  });
  it("names each setting that is wrong", () => {
    const failures = configFailures({
      httpProxy: "x",
      assumeRoles: '[{"duration":"1 hour"},{"roleArn":"a","mfa":"1"}]',
      allowedAccountIds: "[]",
      forbiddenAccountIds: "[]",
    });
    expect(failures.map(({ property }) => property)).to.deep.equal([
      "httpProxy",
      "assumeRoles[0].roleArn",
      "assumeRoles[0].duration",
      "assumeRoles[1].mfa",
      "allowedAccountIds",
    ]);
  });
  it("reads durations as Go writes them", () => {
    expect(["1h30m", "15m", "3600s", "1h", "", "1 h"].map(seconds)).to.deep.equal([
      5400,
      900,
      3600,
      3600,
      undefined,
      undefined,
    ]);
  });
  it("refuses accounts that are forbidden or not allowed", () => {
    const config = readConfig({ region: "eu-west-1", forbiddenAccountIds: '["1"]' });
    expect(() => checkAccount("1", config)).to.throw("AWS account ID not allowed: 1");
    expect(() => checkAccount("2", config)).to.not.throw();
    expect(() =>
      checkAccount("2", readConfig({ region: "eu-west-1", allowedAccountIds: '["1"]' })),
    ).to.throw();
  });
});

describe("provider: credentials", () => {
  const session = (expiration?: Date) => ({ accessKeyId: "a", secretAccessKey: "b", expiration });

  it("keeps a session for all who ask, until shortly before its end", async () => {
    let asked = 0;
    let now = 0;
    const source = kept(
      () => {
        asked += 1;
        return Promise.resolve(session(new Date(now + 3_600_000)));
      },
      () => now,
    );
    await Promise.all([source(), source(), source()]);
    now = 3_000_000;
    await source();
    expect(asked).to.equal(1);
    now = 3_400_000;
    await source();
    expect(asked).to.equal(2);
  });
  it("asks again after a failure", async () => {
    let asked = 0;
    const source = kept(() => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error("not now")) : Promise.resolve(session());
    });
    await rejected(source());
    expect(await source()).to.include({ accessKeyId: "a" });
  });
});

describe("provider: retries", () => {
  const failing = (times: number, name: string, message: string) => {
    let left = times;
    return () =>
      left-- > 0 ? Promise.reject(Object.assign(new Error(message), { name })) : Promise.resolve("done");
  };
  it("waits out exactly the errors that pass", async () => {
    const invalid = "The execution role ARN is invalid. Please ensure that the role exists";
    expect(await retrying(failing(1, "ValidationException", invalid), NEW_ROLE)).to.equal("done");
    expect(
      (await rejected(retrying(failing(1, "ValidationException", "name too long"), NEW_ROLE))).message,
    ).to.equal("name too long");
    expect((await rejected(retrying(failing(1, "Other", invalid), NEW_ROLE))).name).to.equal("Other");
  });
  it("gives up with the error itself", async () => {
    const error = await rejected(
      retrying(failing(9, "ValidationException", "Invalid S3Uri provided"), NEW_ROLE, 10),
    );
    expect(error.message).to.equal("Invalid S3Uri provided");
  });
  it("says what it waited for", async () => {
    const error = await rejected(
      until(
        () => Promise.resolve(1),
        () => false,
        "the moon",
        10,
      ),
    );
    expect(error.message).to.equal("timeout while waiting for the moon");
  });
});

describe("provider: the engine's values", () => {
  const SIGNATURE = "4dabf18193072939515e22adb298388d";
  it("takes them out of their wrappings", () => {
    const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "s" };
    const resource = { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x", id: "b" };
    const unknown = { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    expect(plain({ a: [secret], b: resource, c: unknown })).to.deep.equal({ a: ["s"], b: "b", c: UNKNOWN });
  });
});

describe("provider: what is there, and what is kept", () => {
  const clients = { region: "eu-central-1", defaultTags: { team: "ml" } } as unknown as Clients;
  const thing = (parts: Partial<ResourceType>): ResourceType => ({
    token: "aws:test/thing:Thing",
    title: "Thing",
    identity: ["name"],
    fields: {
      name: text({ replace: true }),
      secret: text({ writeOnly: true }),
      note: text(),
      kind: text({ computed: true }),
      parts: list(text(), { unordered: true }),
      arn: { ...text(), output: true },
    },
    create: () => Promise.resolve("id"),
    remove: () => Promise.resolve(),
    observe: () => Promise.resolve({ name: "a", kind: "standard", arn: "arn" }),
    ...parts,
  });

  it("keeps inputs that AWS agrees with, and shows where it does not", async () => {
    const type = thing({
      observe: () =>
        Promise.resolve({ name: "a", note: "by hand", kind: "other", parts: ["y", "x"], arn: "arn" }),
    });
    const inputs = { name: "a", secret: "s", parts: ["x", "y"] };
    const found = await read(type, clients, "id", {}, inputs);
    expect(found?.inputs).to.deep.equal({ ...inputs, note: "by hand", __defaults: [] });
    expect(found?.outputs).to.include({ kind: "other", arn: "arn", region: "eu-central-1", secret: "s" });
  });
  it("says that what AWS has lost is removed from the inputs", async () => {
    const found = await read(thing({}), clients, "id", {}, { name: "a", note: "mine" });
    expect(found?.inputs).to.deep.equal({ name: "a", __defaults: [] });
  });
  it("finds nothing where there is nothing", async () => {
    expect(await read(thing({ observe: () => Promise.resolve(undefined) }), clients, "id", {}, {})).to.equal(
      undefined,
    );
  });
  it("takes all that can be an input from what it imports", () => {
    const observed = {
      name: "small",
      path: "/",
      description: "",
      maxSessionDuration: 3600,
      arn: "arn:x",
      tags: {},
      region: "r",
    };
    expect(importedInputs(resourceType("aws:iam/role:Role"), observed)).to.deep.equal({
      name: "small",
      path: "/",
      maxSessionDuration: 3600,
      forceDetachPolicies: false,
      __defaults: ["forceDetachPolicies"],
    });
  });
  it("previews what AWS will fill in as unknown, and as it was where it is there", () => {
    const type = resourceType("aws:sagemaker/featureGroup:FeatureGroup");
    const inputs = {
      featureGroupName: "a",
      offlineStoreConfig: { s3StorageConfig: { s3Uri: "s3://b" } },
      tags: { a: "1" },
    };
    const made = previewed(type, clients, inputs);
    expect(made).to.deep.include({ arn: UNKNOWN, region: "eu-central-1", tagsAll: { team: "ml", a: "1" } });
    expect(storage(made)).to.deep.equal({
      s3Uri: "s3://b",
      resolvedOutputS3Uri: UNKNOWN,
    });
    const state: Properties = {
      arn: "arn",
      offlineStoreConfig: { s3StorageConfig: { resolvedOutputS3Uri: "s3://b/x" } },
    };
    const changed = previewed(type, clients, inputs, state);
    expect(changed["arn"]).to.equal("arn");
    expect(storage(changed)).to.include({ resolvedOutputS3Uri: "s3://b/x" });
  });

  describe("when it goes wrong half-way", () => {
    it("keeps the ID of what was made", async () => {
      const type = thing({ create: () => Promise.reject(new PartlyMade("id-7", "the rest failed")) });
      const error = (await rejected(create(type, clients, { name: "a" }))) as NotReady;
      expect(error).to.be.instanceOf(NotReady);
      expect(error).to.deep.include({ id: "id-7", message: "creating Thing (a): the rest failed" });
      expect(error.outputs).to.include({ arn: "arn" }).and.not.have.property(FAILED);
    });
    it("marks what can only be replaced", async () => {
      const type = thing({ create: () => Promise.reject(new PartlyMade("id", "no", true)) });
      const error = (await rejected(create(type, clients, { name: "a" }))) as NotReady;
      expect(error.outputs).to.include({ [FAILED]: "no" });
    });
    it("keeps the ID where what was made cannot be read back", async () => {
      const type = thing({ observe: () => Promise.reject(new Error("AccessDenied")) });
      const error = (await rejected(create(type, clients, { name: "a" }))) as NotReady;
      expect(error).to.deep.include({
        id: "id",
        message: "creating Thing (a): reading it back: AccessDenied",
      });
    });
    it("makes nothing of a refusal", async () => {
      const type = thing({
        create: () => Promise.reject(Object.assign(new Error("no"), { name: "AccessDeniedException" })),
      });
      const error = await rejected(create(type, clients, { name: "a" }));
      expect(error).to.not.be.instanceOf(NotReady);
      expect(error.message).to.equal("creating Thing (a): AccessDeniedException: no");
    });
    it("keeps in mind what an update left", async () => {
      const type = thing({ update: () => Promise.reject(new Error("half")) });
      const olds = { inputs: { name: "a", note: "old" }, state: {} };
      const error = (await rejected(
        update(type, clients, "id", olds, { name: "a", note: "new" }),
      )) as NotReady;
      expect(error.inputs, "the note is gone, so the next run sets it").to.deep.equal({
        name: "a",
        __defaults: [],
      });
    });
  });
});
