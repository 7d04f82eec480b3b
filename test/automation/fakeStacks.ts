/** Stacks that are made up, for tests of the driver. That real stacks behave as these do is proven by test/integration. */
import type { Stage } from "../../components/stages";
import { StageFailed } from "../../automation/model/errors";
import type { ResourceDrift } from "../../automation/model/drift";
import type { WireValues } from "../../automation/model/wires";
import type {
  DeployedResource,
  DeployedStack,
  ResourceChange,
  StackPort,
  StageRun,
} from "../../automation/model/stackPort";
import { UNKNOWN_MARKER } from "../../automation/graph/wiring";

export const stage = (
  name: string,
  needs: string[] = [],
  more: { decode?: (raw: unknown) => unknown; consumer?: string } = {},
): Stage =>
  ({
    name,
    account: "A",
    needs,
    program: () => ({}),
    decode: (raw: unknown) => raw,
    ...more,
  }) as unknown as Stage;

export const CHAIN = [
  stage("writer"),
  stage("offlineBucket", ["writer"]),
  stage("featureGroups", ["writer", "offlineBucket"]),
];

export const known = (value: unknown): WireValues => ({ id: { value, secret: false } });

export const deployedStack = (extra: Partial<DeployedStack> = {}): DeployedStack => ({
  outputs: {},
  resources: [],
  pending: [],
  ...extra,
});

export const bucket: DeployedResource = {
  urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::store",
  type: "aws:s3/bucket:Bucket",
  id: "orders-sagemaker",
  protect: false,
  retainOnDelete: true,
  inputs: {},
};

export const change = (op: string, of: { urn: string; type: string } = bucket): ResourceChange => ({
  op: op as ResourceChange["op"],
  urn: of.urn,
  type: of.type,
  name: of.urn.split("::").at(-1) ?? "",
  properties: [],
  replaces: op.includes("replace") ? ["bucket"] : [],
});

/** Remembers what was asked of it. Each update writes the stage's state anew; `fail` names a stage whose run fails. */
export class FakeStacks implements StackPort {
  readonly calls: string[] = [];
  readonly inputs: Record<string, StageRun["inputs"]> = {};
  readonly refreshed: string[] = [];
  fail?: string;
  readonly state: Record<string, DeployedStack> = {};
  readonly previewed: Record<string, WireValues> = {};
  /** By stage: what a preview says of its resources. */
  readonly changes: Record<string, readonly ResourceChange[]> = {};
  readonly drifted: Record<string, readonly ResourceDrift[]> = {};
  /** By stage: what an update gives; `NAME-id` by default. */
  readonly gives: Record<string, WireValues> = {};
  private writes = 0;

  deployed = (of: Stage) => Promise.resolve(this.state[of.name]);
  preview = (run: StageRun) =>
    this.ran("preview", run, this.previewed[run.stage.name] ?? known(UNKNOWN_MARKER));
  up = async (run: StageRun) => {
    const outcome = await this.ran("up", run, this.gives[run.stage.name] ?? known(`${run.stage.name}-id`));
    const { outputs } = outcome;
    const before = this.state[run.stage.name] ?? deployedStack();
    this.state[run.stage.name] = { ...before, outputs, pending: [], version: `v${++this.writes}` };
    return outcome;
  };
  destroy = async (run: Omit<StageRun, "inputs">) => {
    const outcome = await this.ran("destroy", { ...run, inputs: {} }, {});
    delete this.state[run.stage.name];
    return outcome;
  };
  destroyKeeping = (run: Omit<StageRun, "inputs">) => this.ran("destroyKeeping", { ...run, inputs: {} }, {});
  drift = async (run: Omit<StageRun, "inputs">) => {
    await this.ran("drift", { ...run, inputs: {} }, {});
    return this.drifted[run.stage.name] ?? [];
  };
  adopt = (of: Stage, found: readonly { id: string }[]) => {
    this.calls.push(`adopt ${of.name} [${found.map(({ id }) => id).join()}]`);
    return Promise.resolve();
  };
  reread = (of: Stage, urns: readonly string[]) => {
    this.calls.push(`reread ${of.name} [${urns.join()}]`);
    this.rereads[of.name]?.();
    return Promise.resolve();
  };
  /** By stage: what reading anew finds, done to the state. */
  readonly rereads: Record<string, () => void> = {};

  release = (of: Stage) => {
    this.calls.push(`release ${of.name}`);
    const before = this.state[of.name];
    if (before)
      this.state[of.name] = {
        ...before,
        resources: before.resources.map((each) => ({ ...each, protect: false, retainOnDelete: false })),
      };
    return Promise.resolve();
  };

  private ran(action: string, run: StageRun, outputs: WireValues) {
    this.calls.push(`${action} ${run.stage.name}`);
    this.inputs[run.stage.name] = run.inputs;
    if (run.refresh) this.refreshed.push(run.stage.name);
    if (this.fail === run.stage.name)
      return Promise.reject(new StageFailed(run.stage.name, action, ["AccessDenied"]));
    return Promise.resolve({ outputs, changes: this.changes[run.stage.name] ?? [], unchanged: 1 });
  }
}
