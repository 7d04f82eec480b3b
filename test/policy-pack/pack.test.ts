// The policy pack as an engine talks to it: its process, asked over gRPC of the same resources as the rules by themselves,
// says the same. Not asked here: which resources an engine asks of, and when (test/integration/policyPack.test.ts).
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { UNKNOWN_MARKER } from "../../automation/graph/wiring";
import { RULES, type RuleContext } from "../../policy-pack/rules";
import { CASES } from "./cases";
import {
  A,
  block,
  bucket,
  bucketPolicy,
  allow,
  CONTEXT,
  encryption,
  key,
  ownership,
  type Declared,
} from "./programs";

const PACK = join(__dirname, "..", "..", "policy-pack");
/** The pack says these two only where it is told of retainOnDelete, which no analyzer is. */
const UNTOLD = /^retainOnDelete /;

describe("the policy pack's process", function () {
  this.timeout(60_000);
  let pack: ChildProcess;
  let client: AnalyzerClient;

  before(async () => {
    // As the language host runs it: in the pack's folder, which Pulumi reads its version from.
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const arguments_ = ["--no-warnings", runner, "127.0.0.1:1", "."];
    pack = spawn(process.execPath, arguments_, { cwd: PACK, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(pack, "exit").then(([code]) =>
      Promise.reject(new Error(`the pack ended: ${String(code)}`)),
    );
    const told = once(pack.stdout as NodeJS.ReadableStream, "data");
    const [port] = (await Promise.race([told, ended])) as [Buffer];
    ended.catch(() => undefined);
    client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
  });

  after(() => {
    client.close();
    pack.kill();
  });

  const call = <R>(ask: (done: (error: Error | null, response: R) => void) => unknown) =>
    new Promise<R>((resolve, reject) =>
      ask((error, response) => (error ? reject(error) : resolve(response))),
    );

  async function configure(context: RuleContext): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const { name } of RULES) {
      const config = new proto.PolicyConfig();
      config.setEnforcementlevel(proto.EnforcementLevel.MANDATORY);
      config.setProperties(
        Struct.fromJavaScript({ ...context, allowedAccountIds: [...context.allowedAccountIds] }),
      );
      request.getPolicyconfigMap().set(name, config);
    }
    await call((done) => client.configure(request, done));
  }

  async function said(resource: Declared): Promise<proto.AnalyzeDiagnostic.AsObject[]> {
    const request = new proto.AnalyzeRequest();
    fill(request, resource);
    const response = await call<proto.AnalyzeResponse>((done) => client.analyze(request, done));
    return response.getDiagnosticsList().map((each) => each.toObject());
  }

  it("has a policy for each rule, all of them mandatory", async () => {
    const info = await call<proto.AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
    const policies = info.getPoliciesList().map((each) => each.toObject());
    expect(info.getName()).to.equal("feature-store-access");
    for (const rule of RULES.filter((each) => each.check !== undefined)) {
      const { name, description } = rule;
      expect(policies.find((policy) => policy.name === name)).to.include({
        description,
        enforcementlevel: proto.EnforcementLevel.MANDATORY,
      });
    }
    expect(policies.map(({ name }) => name)).to.include("bucket-encrypted-in-stack");
  });

  it("says of every resource what the rules say by themselves, and what to do", async () => {
    for (const { rule, title, resource, context, says = "" } of CASES) {
      await configure({ ...CONTEXT, ...context });
      const { advice } = RULES.find(({ name }) => name === rule) ?? { advice: "" };
      const found = (await said(resource)).filter(({ policyname }) => policyname === rule);
      const problems = UNTOLD.test(says) || says === "" ? [] : says.split("; ");
      expect(
        found.map(({ message }) => message.split("\n").at(-1)),
        `${rule}: ${title}`,
      ).to.deep.equal(problems.map((problem) => `${problem}. ${advice}`));
      for (const { enforcementlevel } of found)
        expect(enforcementlevel).to.equal(proto.EnforcementLevel.MANDATORY);
    }
  });

  it("says nothing against what is not known yet", async () => {
    await configure(CONTEXT);
    const unknown: Declared[] = [
      { type: "aws:s3/bucketPolicy:BucketPolicy", inputs: { policy: UNKNOWN_MARKER } },
      key({ policy: UNKNOWN_MARKER }),
      encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN_MARKER }),
    ];
    for (const resource of unknown) expect(await said(resource), resource.type).to.deep.equal([]);
  });

  it("misses a bucket's parts in a stack, and finds them", async () => {
    await configure(CONTEXT);
    const judged = async (...resources: Declared[]) => {
      const request = new proto.AnalyzeStackRequest();
      request.setResourcesList(resources.map((resource) => fill(new proto.AnalyzerResource(), resource)));
      const response = await call<proto.AnalyzeResponse>((done) => client.analyzeStack(request, done));
      return response.getDiagnosticsList().map((each) => each.getPolicyname());
    };
    const parts = [ownership(), block(), encryption({ sseAlgorithm: "AES256" })];
    expect(await judged(bucket(), ...parts, bucketPolicy(allow({ AWS: A })))).to.deep.equal([]);
    expect(await judged(bucket())).to.deep.equal([
      "ownership-enforced-in-stack",
      "public-access-blocked-in-stack",
      "bucket-encrypted-in-stack",
    ]);
  });
});

function fill<T extends proto.AnalyzeRequest | proto.AnalyzerResource>(message: T, resource: Declared): T {
  const { type, inputs, protect = true } = resource;
  const provider = new proto.AnalyzerProviderResource();
  provider.setType("pulumi:providers:aws");
  provider.setUrn("urn:pulumi:dev::p::pulumi:providers:aws::account-a");
  // The engine hands lists of a provider's configuration as JSON.
  provider.setProperties(Struct.fromJavaScript({ allowedAccountIds: JSON.stringify([A]) }));
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(protect);
  message.setUrn(`urn:pulumi:dev::p::${type}::it`);
  message.setType(type);
  message.setName("it");
  message.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(inputs)) as Record<string, never>));
  message.setOptions(options);
  message.setProvider(provider);
  return message;
}
