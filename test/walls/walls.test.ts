/** Each rule of .dependency-cruiser.cjs refuses what it is for, and a tree that keeps them all is refused nothing. */
import { expect } from "chai";
import type * as Cruiser from "dependency-cruiser";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** A file imports another, by its path, or a package, by its name. */
type Arrow = readonly [from: string, to: string];

const BELOW_RULE = (room: string) => `automation/${room} imports rooms below it only`;

const BROKEN: readonly (readonly [rule: string, ...arrows: Arrow[]])[] = [
  ["iam imports nothing of the project", ["packages/iam/evaluate.ts", "components/policies/document.ts"]],
  ["iam imports nothing of the project", ["packages/iam/evaluate.ts", "packages/sandbox/index.ts"]],
  ["the sandbox imports iam and nothing else of the project", ["packages/sandbox/world.ts", "access/ask.ts"]],
  [
    "the sandbox imports iam and nothing else of the project",
    ["packages/sandbox/world.ts", "packages/iam/evaluate.ts"],
  ],
  ["packages are imported by their entries", ["bench/evaluate.ts", "packages/iam/evaluate.ts"]],
  [
    "packages are imported by their entries",
    ["test/integration/python.ts", "packages/sandbox/pipeline/faults.ts"],
  ],
  [
    "sandbox/core imports no other room",
    ["packages/sandbox/core/call.ts", "packages/sandbox/protocol/json.ts"],
  ],
  [
    "sandbox/formats imports core only",
    ["packages/sandbox/formats/parquet.ts", "packages/sandbox/services/featurestore/values.ts"],
  ],
  [
    "sandbox/store imports core only",
    ["packages/sandbox/store/store.ts", "packages/sandbox/identity/state.ts"],
  ],
  [
    "sandbox/identity imports core only",
    ["packages/sandbox/identity/state.ts", "packages/sandbox/store/store.ts"],
  ],
  [
    "sandbox/protocol imports core, identity only",
    ["packages/sandbox/protocol/json.ts", "packages/sandbox/services/kms/keys.ts"],
  ],
  [
    "sandbox/services imports core, formats, identity, protocol only",
    ["packages/sandbox/services/kms/keys.ts", "packages/sandbox/pipeline/authorize.ts"],
  ],
  [
    "sandbox/pipeline imports core, identity, protocol, world.ts only",
    ["packages/sandbox/pipeline/route.ts", "packages/sandbox/services/kms/index.ts"],
  ],
  [
    "sandbox/provider imports no other room",
    ["packages/sandbox/provider/main.ts", "packages/sandbox/services/kms/index.ts"],
  ],
  [
    "a service imports no other service",
    ["packages/sandbox/services/s3/objects.ts", "packages/sandbox/services/kms/keys.ts"],
  ],
  ["index.ts imports components only", ["index.ts", "automation/index.ts"]],
  ["components import nothing else of the project", ["components/stage.ts", "automation/model/stackPort.ts"]],
  ["components import nothing else of the project", ["components/stage.ts", "access/model.ts"]],
  ["components import nothing else of the project", ["components/stage.ts", "@feature-store-access/iam"]],
  ["components import nothing else of the project", ["components/stage.ts", "packages/sandbox/index.ts"]],
  ["components import nothing else of the project", ["components/stage.ts", "policy-pack/rules/rule.ts"]],
  ["policies are pure functions of their facts", ["components/policies/document.ts", "@pulumi/pulumi"]],
  ["policies are pure functions of their facts", ["components/policies/document.ts", "components/stage.ts"]],
  [
    "policies of a topology are pure functions of their facts",
    [
      "components/topologies/offline-store/policies/bucket.ts",
      "components/topologies/offline-store/writer.ts",
    ],
  ],
  ["access is pure, and imports iam only", ["access/model.ts", "components/settings/index.ts"]],
  ["access is pure, and imports iam only", ["access/model.ts", "@pulumi/pulumi"]],
  ["access is pure, and imports iam only", ["access/model.ts", "node:fs"]],
  ["the policy pack imports nothing else of the project", ["policy-pack/index.ts", "components/stage.ts"]],
  ["rules are pure", ["policy-pack/rules/rule.ts", "policy-pack/declared.ts"]],
  ["rules are pure", ["policy-pack/rules/rule.ts", "@pulumi/policy"]],
  [
    "automation imports components, access, iam and rules",
    ["automation/cli/main.ts", "packages/sandbox/index.ts"],
  ],
  [
    "automation imports components, access, iam and rules",
    ["automation/cli/main.ts", "policy-pack/index.ts"],
  ],
  ["automation imports components, access, iam and rules", ["automation/cli/main.ts", "tools/local/env.ts"]],
  [BELOW_RULE("model"), ["automation/model/reports.ts", "automation/topologies/index.ts"]],
  [BELOW_RULE("topologies"), ["automation/topologies/index.ts", "automation/graph/order.ts"]],
  [BELOW_RULE("graph"), ["automation/graph/order.ts", "automation/environment/lock.ts"]],
  [BELOW_RULE("environment"), ["automation/environment/lock.ts", "automation/engine/index.ts"]],
  [BELOW_RULE("engine"), ["automation/engine/index.ts", "automation/stacks/events.ts"]],
  [BELOW_RULE("stacks"), ["automation/stacks/events.ts", "automation/preflight/index.ts"]],
  [BELOW_RULE("preflight"), ["automation/preflight/index.ts", "automation/evolution/apply.ts"]],
  [BELOW_RULE("evolution"), ["automation/evolution/apply.ts", "automation/run/driver.ts"]],
  [BELOW_RULE("run"), ["automation/run/driver.ts", "automation/proof/gate.ts"]],
  [BELOW_RULE("proof"), ["automation/proof/gate.ts", "automation/session/driverFor.ts"]],
  [BELOW_RULE("session"), ["automation/session/driverFor.ts", "automation/actions/runs.ts"]],
  [BELOW_RULE("actions"), ["automation/actions/runs.ts", "automation/report/json.ts"]],
  [BELOW_RULE("report"), ["automation/report/json.ts", "automation/cli/main.ts"]],
  [BELOW_RULE("cli"), ["automation/cli/main.ts", "automation/index.ts"]],
  ["only automation imports the Automation API", ["components/stage.ts", "@pulumi/pulumi/automation"]],
  ["only automation imports the Automation API", ["policy-pack/index.ts", "@pulumi/pulumi/automation"]],
  [
    "a topology is found by its list",
    ["automation/run/driver.ts", "components/topologies/offline-store/index.ts"],
  ],
  ["a topology is found by its list", ["access/prove.ts", "access/topologies/assumedRole.ts"]],
  ["a topology is found by its list", ["tools/local/start.ts", "automation/topologies/assumedRole/index.ts"]],
  [
    "assumed-role imports no other topology",
    ["components/topologies/assumed-role/stages.ts", "components/topologies/offline-store/stages.ts"],
  ],
  [
    "offline-store imports no other topology",
    ["automation/topologies/offlineStore/index.ts", "components/topologies/assumed-role/index.ts"],
  ],
  ["tools import the product and packages", ["tools/local/start.ts", "test/sandbox/support.ts"]],
  [
    "no circle",
    ["components/stage.ts", "components/stages.ts"],
    ["components/stages.ts", "components/stage.ts"],
  ],
];

const KEPT: readonly Arrow[] = [
  ["index.ts", "components/stages.ts"],
  ["components/stages.ts", "components/topologies/index.ts"],
  ["components/topologies/index.ts", "components/topologies/assumed-role/index.ts"],
  ["components/topologies/assumed-role/index.ts", "components/topologies/assumed-role/policies/role.ts"],
  ["components/topologies/assumed-role/policies/role.ts", "components/policies/document.ts"],
  ["components/topologies/assumed-role/index.ts", "@pulumi/pulumi"],
  ["access/prove.ts", "access/topologies/index.ts"],
  ["access/topologies/index.ts", "access/topologies/assumedRole.ts"],
  ["access/prove.ts", "@feature-store-access/iam"],
  ["automation/topologies/index.ts", "automation/topologies/assumedRole/index.ts"],
  ["automation/topologies/assumedRole/index.ts", "components/topologies/assumed-role/index.ts"],
  ["automation/topologies/assumedRole/index.ts", "access/topologies/assumedRole.ts"],
  ["automation/topologies/assumedRole/index.ts", "automation/model/reports.ts"],
  ["automation/cli/main.ts", "automation/report/json.ts"],
  ["automation/report/json.ts", "automation/model/reports.ts"],
  ["automation/cli/main.ts", "policy-pack/rules/index.ts"],
  ["automation/stacks/engine.ts", "@pulumi/pulumi/automation"],
  ["packages/sandbox/index.ts", "packages/sandbox/services/kms/index.ts"],
  ["packages/sandbox/services/kms/index.ts", "packages/sandbox/protocol/json.ts"],
  ["packages/sandbox/services/kms/index.ts", "@feature-store-access/iam"],
  ["tools/local/start.ts", "packages/sandbox/index.ts"],
  ["tools/local/start.ts", "automation/index.ts"],
  ["test/iam/texts.test.ts", "packages/iam/arn.ts"],
  ["test/sandbox/kms.test.ts", "packages/sandbox/services/kms/index.ts"],
  ["bench/evaluate.ts", "test/iam/questions.ts"],
];

describe("the walls between rooms", function () {
  this.timeout(120_000);
  let options: Cruiser.ICruiseOptions;
  let cruise: typeof Cruiser.cruise;

  before(async () => {
    const { default: read } = await import("dependency-cruiser/config-utl/extract-depcruise-options");
    options = await read(join(ROOT, ".dependency-cruiser.cjs"));
    ({ cruise } = await import("dependency-cruiser"));
  });

  /** Names of the rules that a tree with these imports breaks. */
  async function broken(arrows: readonly Arrow[], statement = TYPE): Promise<string[]> {
    const root = mkdtempSync(join(tmpdir(), "feature-store-access-walls-"));
    try {
      const files = write(root, arrows, statement);
      const { output } = await cruise(files, { ...options, baseDir: root });
      const { summary } = output as Cruiser.ICruiseResult;
      return [...new Set(summary.violations.map(({ rule }) => rule.name))];
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }

  for (const [rule, ...arrows] of BROKEN)
    it(`${rule}: refused is ${arrows[0]?.join(" -> ")}`, async () => {
      expect(await broken(arrows)).to.deep.equal([rule]);
    });

  it("hold for values and for what is loaded later as for types", async () => {
    const arrow: Arrow = ["components/stage.ts", "automation/index.ts"];
    for (const statement of [VALUE, LATER])
      expect(await broken([arrow], statement)).to.deep.equal([
        "components import nothing else of the project",
      ]);
  });

  it("stand in no way of a tree that keeps them", async () => {
    expect(await broken(KEPT)).to.deep.equal([]);
  });

  it("are each tried here", () => {
    const rules = options.ruleSet?.forbidden?.map(({ name }) => name);
    expect([...new Set(BROKEN.map(([rule]) => rule))].sort()).to.deep.equal(rules?.sort());
  });
});

const TYPE = (name: string) => `import type { Name } from "${name}";\nexport type Own = Name;`;
const VALUE = (name: string) => `import { name } from "${name}";\nexport const own = name;`;
const LATER = (name: string) => `export const later = () => import("${name}.js");`;

/** Writes both files of each arrow, and the repository's packages. Returns the files. */
function write(root: string, arrows: readonly Arrow[], statement: (name: string) => string): string[] {
  for (const name of ["iam", "sandbox"]) {
    const folder = join(root, "packages", name);
    mkdirSync(folder, { recursive: true });
    cpSync(join(ROOT, "packages", name, "package.json"), join(folder, "package.json"));
    mkdirSync(join(root, "node_modules", "@feature-store-access"), { recursive: true });
    symlinkSync(folder, join(root, "node_modules", "@feature-store-access", name));
  }
  const contents = new Map([["packages/iam/index.ts", ""]]);
  for (const [from, to] of arrows) {
    const path = relative(dirname(from), to.replace(/\.ts$/, ""));
    const name = to.endsWith(".ts") ? (path.startsWith(".") ? path : `./${path}`) : to;
    contents.set(from, `${contents.get(from) ?? ""}${statement(name)}\n`);
    if (to.endsWith(".ts") && !contents.has(to)) contents.set(to, "");
  }
  for (const [file, content] of contents) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${content}export interface Name {}\nexport const name = 1;\n`);
  }
  return [...contents.keys()];
}
