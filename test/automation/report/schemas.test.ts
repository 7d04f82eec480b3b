// The form of `--json` and the terminal's lines for a stage. That real runs keep to the form is not proven here, but by the
// driver's integration tests: what they read of `preview`, `up` and `destroy` is held to it (driverSupport.ts).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { z } from "zod";
import { driftJson } from "../../../automation/report/drift";
import { checksJson } from "../../../automation/report/checks";
import { verifyReportSchema } from "./schemas/verify";
import { driftReportSchema } from "./schemas/drift";
import { graphReportSchema } from "./schemas/graph";
import { graphJson } from "../../../automation/report/json";
import { stageLines, summaryLines } from "../../../automation/report/terminal";
import type { GraphReport, StageReport } from "../../../automation/model/reports";
import { change } from "../fakeStacks";

const SCHEMAS = join(__dirname, "..", "..", "..", "docs", "schemas");
/** The published files and what they are made of. */
const PUBLISHED: Readonly<Record<string, z.ZodType>> = {
  "graph-report.json": graphReportSchema,
  "drift-report.json": driftReportSchema,
  "verify-report.json": verifyReportSchema,
};

const stage: StageReport = {
  stage: "policies",
  account: "B",
  needs: ["storage"],
  status: "changed",
  changes: [change("update")],
  unchanged: 2,
  outputs: { plain: { value: "x", secret: false }, password: { value: "hidden", secret: true } },
  contractChanges: [
    { path: "keyArn", from: { value: "old" }, to: { unknown: true } },
    { path: "password", to: { secret: true } },
    { path: "gone", from: { value: [1] } },
  ],
  causes: [{ stage: "storage", outputs: ["bucket.arn", "bucket.name"] }],
  dangers: [
    {
      stage: "policies",
      kind: "delete",
      urn: "u",
      type: "t",
      name: "data",
      because: [],
      allowed: false,
    },
  ],
  violations: [{ rule: "r", urn: "u", type: "t", name: "n", problem: "p", advice: "a" }],
};
const more: Pick<GraphReport, "catalog" | "deleted" | "kept"> = {
  catalog: [
    {
      account: "B",
      catalogId: "222222222222",
      region: "us-east-1",
      principal: "arn:aws:iam::222222222222:role/x",
      database: "d",
      table: "t",
      permission: "SELECT",
      because: "queries fail",
    },
  ],
  deleted: [
    {
      kind: "bucket",
      stage: "s",
      account: "B",
      name: "b",
      contents: { objects: 1, versions: 2, deleteMarkers: 0, bytes: 3 },
    },
    {
      kind: "key",
      stage: "s",
      account: "B",
      id: "k",
      aliases: ["alias/k"],
      waitingDays: 7,
      state: "Enabled",
    },
    {
      kind: "featureGroup",
      stage: "s",
      account: "B",
      name: "g",
      onlineBytes: 1,
      offline: { location: "s3://b/p", goes: false },
      table: { database: "d", name: "t" },
      unknown: "AWS could not be asked",
    },
  ],
  kept: [{ stage: "s", account: "B", type: "aws:s3/bucket:Bucket", id: "b" }],
};
const place = { document: "key policy", statement: "1", code: "a.ts:1", setting: "kms" };
const report: GraphReport = {
  ...more,
  action: "preview",
  ok: false,
  access: {
    ok: false,
    allowed: { hold: 3, of: 4 },
    denied: { hold: 2, of: 2 },
    errors: [],
    beyond: 1,
    diff: {
      against: "the deployed stacks",
      gained: [{ id: "1", says: "may read", setting: "consumers" }],
      lost: [],
      kept: 3,
      grantsGained: [
        { holder: "h", action: "s3:GetObject", scope: "*", conditions: [], explained: true, place },
      ],
      grantsLost: [],
    },
  },
  stages: [
    stage,
    { ...stage, stage: "left", departed: true },
    { ...stage, stage: "broken", status: "failed", error: new Error("no") },
    { ...stage, stage: "after", status: "skipped", reason: "broken failed" },
    {
      ...stage,
      stage: "grown",
      evolutions: [
        {
          group: "g",
          added: [{ name: "a", type: "String", collection: "List" }],
          removed: [],
          retyped: [],
          ttl: { from: { unit: "Days", value: 1 }, to: { unit: "Weeks", value: 2 } },
          throughput: {
            from: { mode: "OnDemand" },
            to: { mode: "Provisioned", readCapacityUnits: 1, writeCapacityUnits: 2 },
          },
        },
      ],
    },
    { ...stage, stage: "calm", status: "unchanged", notRun: "unchanged" },
  ],
};

describe("the form of --json", () => {
  for (const [name, form] of Object.entries(PUBLISHED))
    it(`is published as it is: ${name} (UPDATE_EXAMPLES=1 writes it, \`npm run format\` lays it out)`, () => {
      const file = join(SCHEMAS, name);
      // As JSON Schema (draft 2020-12), open to fields that come later.
      const schema = z.toJSONSchema(form, { io: "input" });
      if (process.env["UPDATE_EXAMPLES"]) {
        mkdirSync(SCHEMAS, { recursive: true });
        writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
      }
      expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(schema);
    });

  it("has every field that drift and verify print", () => {
    const drift = driftJson({
      action: "drift",
      ok: false,
      drifted: true,
      ...(report.access?.diff ? { access: report.access.diff } : {}),
      stages: [
        {
          stage: "left",
          account: "B",
          status: "drifted",
          departed: true,
          resources: [
            {
              ...{ urn: "u", type: "t", name: "n", id: "i", kind: "changed" },
              properties: [{ path: "a.b", deployed: { value: 1 }, actual: { secret: true } }, { path: "c" }],
            },
          ],
        },
        { stage: "broken", account: "A", status: "failed", resources: [], error: new Error("no") },
        { stage: "after", account: "A", status: "skipped", resources: [], reason: "the run ended" },
      ],
    });
    const verified = checksJson([
      {
        as: "a",
        action: "s:Op",
        resource: "r",
        expected: "denied",
        actual: "failed",
        ok: false,
        detail: "d",
      },
    ]);
    for (const [form, printed] of [
      [driftReportSchema, drift],
      [verifyReportSchema, verified],
    ] as const) {
      const text: unknown = JSON.parse(JSON.stringify(printed));
      expect(form.parse(text), "fields that the form does not have").to.deep.equal(text);
    }
    expect(verified).to.include({ version: 1, ok: false });
  });

  it("has every field that a report prints", () => {
    const printed: unknown = JSON.parse(JSON.stringify(graphJson(report)));
    expect(graphReportSchema.parse(printed), "fields that the form does not have").to.deep.equal(printed);
  });

  it("says what a stage needs and that it left the settings, and shows no secret", () => {
    const printed = graphReportSchema.parse(graphJson(report));
    expect(printed.stages.map(({ departed }) => departed === true)).to.deep.equal([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(printed.stages[0]?.needs).to.deep.equal(["storage"]);
    expect(JSON.stringify(printed)).not.to.contain("hidden");
  });
});

describe("a stage on the terminal", () => {
  it("says why it changes and what it gives to others", () => {
    expect(stageLines({ ...stage, departed: true })).to.deep.equal([
      "policies: 1 to update (removed from the settings), 2 unchanged",
      "  because storage changes bucket.arn, bucket.name",
      `  ~  ${change("update").type.split(":").at(-1)} ${change("update").name}`,
      "  output keyArn: old -> [known after the update]",
      "  output password: [secret] (new)",
      "  output gone: removed",
    ]);
  });

  it("cuts a long value, and keeps one with line breaks on its line", () => {
    const lines = stageLines({
      ...stage,
      changes: [],
      causes: [],
      contractChanges: [{ path: "p", to: { value: `a\n${"b".repeat(200)}` } }],
    });
    expect(lines).to.have.length(2);
    expect(lines[1]).to.match(/^ {2}output p: "a\\nb+\.\.\. \(new\)$/);
  });
});

describe("a run's last lines on the terminal", () => {
  const calm: StageReport = {
    ...stage,
    changes: [],
    causes: [],
    contractChanges: [],
    dangers: [],
    violations: [],
  };
  const last = (more: Partial<StageReport>, rest: Partial<GraphReport> = {}) =>
    summaryLines({ action: "preview", ok: true, stages: [{ ...calm, ...more }], ...rest });

  it("do not call it a failure where data is in danger", () => {
    expect(last({ dangers: stage.dangers }, { ok: false })).to.deep.equal([
      "1 resource with data would be replaced or deleted. `npm run up` refuses that, unless --allow-replace names them.",
    ]);
  });

  it("tell of feature groups that change in place alone", () => {
    expect(last({ status: "changed" }, { action: "up" })).to.deep.equal([
      "Feature groups changed in place in 1 of 1 stage, and nothing else.",
    ]);
    expect(last({ status: "unchanged" })).to.deep.equal(["Nothing would change in 1 stage."]);
  });

  it("tell what the owner of a consumer's bucket has to do, when it is something else than before", () => {
    const outputs = { requiredBucketPolicy: { value: "{}", secret: false } };
    const first = last({
      outputs,
      contractChanges: [{ path: "requiredBucketPolicy", to: { value: "{}" } }],
    });
    expect(first[0]).to.match(/^policies: the owner of the results bucket has to add .* to its policy \(/);
    const again = last({ outputs, causes: [{ stage: "consumer:x", outputs: ["executionRoleId"] }] });
    expect(again[0]).to.contain("again, because a role that they name was recreated");
    expect(last({ outputs, causes: [{ stage: "s", outputs: ["featureGroups"] }] })).to.have.length(1);
  });
});
