// What a killed run left behind under a name that the engine made up: found under the ID that follows from it. That a refresh
// drops what AWS has not: the engine's tests.
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { findPending } from "../../../automation/run/pending";
import { startSandbox, type Sandbox } from "../../../packages/sandbox";
import { clients } from "../../sandbox/support";

const A = "111111111111";
const urn = (type: string) => `urn:pulumi:dev::p::${type}::it`;
const PROVIDER = "urn:pulumi:dev::p::pulumi:providers:aws::account-a-us-east-1";

describe("creations that a run was cut off in, of names made up by the engine", () => {
  let sandbox: Sandbox;
  let outer: string | undefined;
  const config = { region: "eu-central-1", credentials: undefined as never };
  before(async () => {
    sandbox = await startSandbox();
    outer = process.env["AWS_ENDPOINT_URL"];
    process.env["AWS_ENDPOINT_URL"] = sandbox.endpoint;
    const keys = sandbox.accounts.find(({ id }) => id === A) ?? sandbox.base;
    const { accessKeyId, secretAccessKey } = keys;
    Object.assign(config, { credentials: () => Promise.resolve({ accessKeyId, secretAccessKey }) });
    const { iam } = clients(sandbox.endpoint, keys);
    const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await iam.send(
      new CreateRoleCommand({
        RoleName: "r",
        AssumeRolePolicyDocument: document({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: A },
        }),
      }),
    );
    const PolicyDocument = document({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
    await iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "p-1", PolicyDocument }));
  });
  after(async () => {
    if (outer === undefined) delete process.env["AWS_ENDPOINT_URL"];
    else process.env["AWS_ENDPOINT_URL"] = outer;
    await sandbox.close();
  });

  const found = (type: string, inputs: Record<string, unknown>, provider?: string) =>
    findPending(
      {
        outputs: {},
        resources: [],
        size: 0,
        regions: { [PROVIDER]: "us-east-1" },
        pending: [{ urn: urn(type), type, inputs, ...(provider ? { provider } : {}) }],
      },
      config,
    );

  it("are an inline policy that the role has, and none that it has not", async () => {
    const type = "aws:iam/rolePolicy:RolePolicy";
    expect(await found(type, { role: "r", name: "p-1" })).to.deep.equal([{ urn: urn(type), id: "r:p-1" }]);
    expect(await found(type, { role: "r", name: "p-2" })).to.deep.equal([]);
    expect(await found(type, { role: "gone", name: "p-1" })).to.deep.equal([]);
    expect(await found(type, { role: "r" })).to.deep.equal([]);
  });

  it("are rules, targets, alarms and topics, which AWS is not asked for: in the region of their provider", async () => {
    const cases: readonly [string, Record<string, unknown>, string, string?][] = [
      ["aws:cloudwatch/eventRule:EventRule", { name: "rule-1" }, "rule-1"],
      ["aws:cloudwatch/eventTarget:EventTarget", { rule: "rule-1", targetId: "t-1" }, "rule-1-t-1"],
      ["aws:cloudwatch/metricAlarm:MetricAlarm", { name: "alarm-1" }, "alarm-1"],
      ["aws:sns/topic:Topic", { name: "t" }, `arn:aws:sns:eu-central-1:${A}:t`],
      ["aws:sns/topic:Topic", { name: "t" }, `arn:aws:sns:us-east-1:${A}:t`, `${PROVIDER}::id`],
    ];
    for (const [type, inputs, id, provider] of cases) {
      expect(await found(type, inputs, provider), id).to.deep.equal([{ urn: urn(type), id, unseen: true }]);
      expect(await found(type, {}, provider), type).to.deep.equal([]);
    }
  });
});
