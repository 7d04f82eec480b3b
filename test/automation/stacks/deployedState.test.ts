// Exported states and engine events, in the engine's own form. That the engine still writes them so is proven by
// test/integration.
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { readDeployed, withAdopted, withPending } from "../../../automation/stacks/deployedState";
import { commandMessage, explain, readable } from "../../../automation/stacks/engineFailures";
import { CliFailed } from "../../../automation/stacks/pulumiCli";
import { ExitCode } from "../../../automation/model/errors";
import { EventLog, plain } from "../../../automation/stacks/events";

const urn = (type: string, name: string) => `urn:pulumi:dev.writer::feature-store-access::${type}::${name}`;
const provider = {
  urn: urn("pulumi:providers:aws", "account-a"),
  type: "pulumi:providers:aws",
  custom: true,
  id: "p",
  inputs: { region: "eu-central-1" },
};
const key = {
  urn: urn("aws:kms/key:Key", "writer-key"),
  type: "aws:kms/key:Key",
  custom: true,
  provider: `${provider.urn}::p`,
  inputs: { description: "k" },
};
const role = {
  urn: urn("aws:iam/role:Role", "writer-role"),
  type: "aws:iam/role:Role",
  custom: true,
  id: "writer-1",
  protect: true,
  inputs: { name: "writer-1" },
};
const exported = {
  version: 3,
  deployment: {
    manifest: { time: "x" },
    resources: [
      {
        urn: urn("pulumi:pulumi:Stack", "s"),
        type: "pulumi:pulumi:Stack",
        outputs: { roleArn: "arn:aws:iam::1:role/w" },
      },
      provider,
      role,
      { ...role, urn: urn("aws:iam/role:Role", "old"), delete: true },
    ],
    pending_operations: [
      { type: "creating", resource: key },
      { type: "deleting", resource: role },
    ],
  },
};

describe("a stack's state", () => {
  it("is read for outputs, resources that are there, and creations whose end is not known", () => {
    const { outputs, resources, pending, regions } = readDeployed(exported);
    expect(outputs).to.deep.equal({ roleArn: { value: "arn:aws:iam::1:role/w", secret: false } });
    expect(resources).to.deep.equal([
      {
        urn: role.urn,
        type: role.type,
        id: "writer-1",
        protect: true,
        retainOnDelete: false,
        inputs: { name: "writer-1" },
      },
    ]);
    const { custom: _, ...begun } = key;
    expect(pending).to.deep.equal([begun]);
    expect(regions).to.deep.equal({ [provider.urn]: "eu-central-1" });
    expect(readDeployed({ version: 3, deployment: {} })).to.deep.equal({
      outputs: {},
      resources: [],
      pending: [],
      regions: {},
      size: 0,
    });
    expect(readDeployed(exported, "v1")).to.include({ version: "v1", size: 1 });
  });

  it("takes in what was found, with the inputs that were noted, and forgets other creations only", () => {
    const { deployment } = withAdopted(exported, [{ urn: key.urn, id: "1234" }]);
    expect(deployment.resources.slice(0, 4)).to.deep.equal(exported.deployment.resources);
    expect(deployment.resources[4]).to.deep.equal({ ...key, id: "1234", outputs: { description: "k" } });
    expect(deployment.pending_operations).to.deep.equal([{ type: "deleting", resource: role }]);
    const none = withAdopted(exported, []);
    expect(none.deployment.resources).to.deep.equal(exported.deployment.resources);
    expect(exported.deployment.pending_operations).to.have.length(2);
  });

  it("takes in what was to replace another in its place, and leaves the other to be deleted", () => {
    const { id: _, ...begun } = { ...role, inputs: { name: "writer-2" } };
    const dependent = { ...role, urn: urn("aws:iam/rolePolicy:RolePolicy", "p"), id: "writer-1:p" };
    const deployment = {
      resources: [provider, role, dependent],
      pending_operations: [{ type: "creating", resource: begun }],
    };
    const found = [{ urn: role.urn, id: "writer-2" }];
    const written = withAdopted({ version: 3, deployment }, [{ urn: role.urn, id: "writer-1" }]);
    expect(written.deployment.resources, "the same").to.deep.equal([provider, role, dependent]);
    const noted = withPending({ version: 3, deployment: { resources: [role] } }, [
      { ...begun, custom: true },
    ]);
    expect(noted.deployment.pending_operations).to.have.length(1);
    // The engine takes no state that has a URN twice, unless the later ones are marked so.
    expect(withAdopted({ version: 3, deployment }, found).deployment.resources).to.deep.equal([
      provider,
      { ...begun, id: "writer-2", outputs: begun.inputs },
      dependent,
      { ...role, delete: true },
    ]);
  });
});

describe("the engine's events", () => {
  const event = (part: object) => ({ sequence: 1, timestamp: 1, ...part }) as EngineEvent;
  const metadata = {
    op: "update",
    urn: role.urn,
    type: role.type,
    provider: "",
    detailedDiff: {
      name: { diffKind: "update-replace", inputDiff: true },
      tags: { diffKind: "update", inputDiff: true },
    },
  };

  it("count what is only read anew as no step of the program", () => {
    const log = new EventLog();
    const steps = [
      ["resourcePreEvent", "refresh"],
      ["resOutputsEvent", "update"],
      ["resourcePreEvent", "update"],
      ["resOutputsEvent", "update"],
    ] as const;
    for (const [kind, op] of steps.slice(0, 2)) log.add(event({ [kind]: { metadata: { ...metadata, op } } }));
    expect(log.changes).to.deep.equal([]);
    for (const [kind, op] of steps.slice(2)) log.add(event({ [kind]: { metadata: { ...metadata, op } } }));
    expect(log.changes.map(({ op }) => op)).to.deep.equal(["update"]);
  });

  it("come to changes, what stays, outputs and errors", () => {
    const log = new EventLog();
    log.add(event({ resourcePreEvent: { metadata } }));
    expect(log.changes).to.deep.equal([]);
    log.add(event({ resOutputsEvent: { metadata } }));
    log.add(event({ resOutputsEvent: { metadata } }));
    log.add(
      event({ resOutputsEvent: { metadata: { ...metadata, op: "same", urn: key.urn, type: key.type } } }),
    );
    log.add(
      event({
        resOutputsEvent: {
          metadata: {
            op: "same",
            type: "pulumi:pulumi:Stack",
            urn: urn("pulumi:pulumi:Stack", "s"),
            new: { outputs: { keyArn: "arn:k" } },
          },
        },
      }),
    );
    log.add(
      event({
        diagnosticEvent: {
          severity: "error",
          message: "<{%reset%}>AccessDenied<{%reset%}>\n",
          color: "never",
          urn: role.urn,
        },
      }),
    );
    log.add(event({ diagnosticEvent: { severity: "error", message: "update failed", color: "never" } }));
    expect(log.changes).to.deep.equal([
      {
        op: "update",
        urn: role.urn,
        type: role.type,
        name: "writer-role",
        properties: ["name", "tags"],
        replaces: ["name"],
      },
    ]);
    expect(log.unchanged).to.equal(1);
    expect(log.outputs).to.deep.equal({ keyArn: { value: "arn:k", secret: false } });
    expect(log.errors).to.deep.equal(["writer-role: AccessDenied"]);
  });

  it("lose their colours", () => {
    expect(plain("<{%fg 1%}>error<{%reset%}>: \u001b[31mno\u001b[0m")).to.equal("error: no");
  });
});

describe("the engine's failures", () => {
  it("have exit codes and advice where their cause is well known", () => {
    expect(explain(["the stack is currently locked by 1 lock(s)"]).exitCode).to.equal(ExitCode.locked);
    expect(explain(["error: PULUMI_ACCESS_TOKEN must be set for login"]).advice).to.contain(
      "PULUMI_BACKEND_URL",
    );
    expect(explain(["Cannot assume IAM Role arn:aws:iam::1:role/x"]).exitCode).to.equal(ExitCode.credentials);
    expect(explain(["x", "AWS account ID not allowed: 222222222222"]).exitCode).to.equal(
      ExitCode.credentials,
    );
    expect(explain(["something new"])).to.deep.equal({ exitCode: ExitCode.failed, advice: "" });
  });

  it("have advice where the settings or permissions can be repaired", () => {
    for (const [message, words] of [
      ["creating S3 Bucket (b): BucketAlreadyOwnedByYou: Your previous request", "choose another"],
      [
        "ResourceInUse: Resource Already Exists: FeatureGroup with name payments already exists.",
        "choose another",
      ],
      ["MalformedPolicyDocument: Invalid principal in policy", "a role that does not exist"],
      [
        "AccessDenied: User: arn:aws:sts::1:assumed-role/deployer/x is not authorized to perform: iam:CreateRole on resource: r",
        "docs/settings.md",
      ],
    ] as const) {
      const { exitCode, advice } = explain([message]);
      expect([exitCode, advice]).to.deep.include(ExitCode.failed);
      expect(advice).to.contain(words);
    }
    expect(explain(["is not authorized to perform: sts:AssumeRole on r"]).exitCode).to.equal(
      ExitCode.credentials,
    );
  });

  it("are told once and without a stack, but for the program's own frames", () => {
    const said =
      'error serializing property "outputs": invocation of aws:iam/getRole:getRole returned an error: no role';
    const frames = [
      "    at Object.callback (/p/node_modules/@pulumi/runtime/invoke.ts:301:37)",
      "    at <anonymous> (/p/x.ts:1:1)",
      "    at process.processTicksAndRejections (node:internal/process/task_queues:77:11)",
    ];
    expect(readable([[`Unhandled exception: Error: ${said}`, ...frames].join("\n"), said])).to.deep.equal([
      said,
    ]);
    const own = "    at new Consumer (/p/components/assumed-role/consumer.ts:60:3)";
    expect(readable([["Unhandled exception: TypeError: x", own, ...frames].join("\n")])).to.deep.equal([
      `Unhandled exception: TypeError: x\n${own}`,
    ]);
  });

  it("are told without the wrapping of the command line", () => {
    const wrapped =
      "code: 255\n stdout: Updating (dev)\n stderr: warning: old\nerror: no stack named 'x' found\n err?: Error: exit";
    expect(commandMessage(new CliFailed(wrapped))).to.equal("no stack named 'x' found");
  });
});
