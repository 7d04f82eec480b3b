// The graph's reports as text: Markdown for a pull request, Mermaid, DOT. DOT is read by Graphviz itself. That GitHub draws
// the Mermaid is not proven here: its parser needs a browser (the forms used are those of its own documentation).
import { expect } from "chai";
import fc from "fast-check";
import { marker, graphMarkdown } from "../../../automation/report/markdown";
import { code, line } from "../../../automation/report/markdownText";
import { dot } from "../../../automation/report/dot";
import { mermaid } from "../../../automation/report/mermaid";
import { viewOfReport, viewOfStages, type NodeView } from "../../../automation/report/graphView";
import type { GraphReport, StageReport } from "../../../automation/model/reports";
import { change, stage } from "../fakeStacks";
import { COMMENT_LIMIT } from "../../../automation/actions/comment/sticky";

const report = (stages: Partial<StageReport>[], ok = true): GraphReport => ({
  action: "preview",
  ok,
  stages: stages.map((each) => ({
    stage: "writer",
    account: "A",
    needs: [],
    status: "unchanged",
    changes: [],
    unchanged: 3,
    outputs: {},
    ...each,
  })),
});
const resource = (type: string, name: string) => ({ urn: `urn:pulumi:dev::p::${type}::${name}`, type });

/** Access widened, a feature group replaced, a consumer added: what a reviewer should stop at. */
const REVIEW = report(
  [
    {
      stage: "centralStore",
      account: "B",
      status: "changed",
      unchanged: 14,
      changes: [
        {
          ...change("replace", resource("aws:sagemaker/featureGroup:FeatureGroup", "central-store-payments")),
          properties: ["featureDefinitions[4]"],
          replaces: ["featureDefinitions[4]"],
        },
        {
          ...change("update", resource("aws:kms/key:Key", "central-store-offline-key")),
          properties: ["policy"],
        },
      ],
      dangers: [
        {
          stage: "centralStore",
          kind: "replace",
          urn: "urn:pulumi:dev::p::aws:sagemaker/featureGroup:FeatureGroup::central-store-payments",
          type: "aws:sagemaker/featureGroup:FeatureGroup",
          name: "central-store-payments",
          id: "payments",
          because: ["featureDefinitions[4]"],
          allowed: false,
        },
      ],
      contractChanges: [
        {
          path: "featureGroups.payments.s3Uri",
          from: { value: "s3://shop-central/payments-1795419601/data" },
          to: { unknown: true },
        },
      ],
    },
    {
      stage: "consumer:recommendations",
      account: "recommendations",
      status: "changed",
      unchanged: 0,
      changes: [
        change("create", resource("aws:iam/role:Role", "consumer-recommendations-execution-role")),
        change("create", resource("aws:s3/bucket:Bucket", "consumer-recommendations-results")),
      ],
      contractChanges: [{ path: "executionRoleArn", to: { unknown: true } }],
    },
    {
      stage: "crossAccountRole:fraud-scoring",
      account: "B",
      needs: ["centralStore"],
      status: "changed",
      changes: [
        {
          ...change(
            "update",
            resource("aws:iam/rolePolicy:RolePolicy", "cross-account-fraud-scoring-access"),
          ),
          properties: ["policy"],
        },
      ],
      causes: [{ stage: "centralStore", outputs: ["featureGroups.payments.s3Uri"] }],
    },
    {
      stage: "crossAccountRole:recommendations",
      account: "B",
      needs: ["centralStore", "consumer:recommendations"],
      status: "changed",
      unchanged: 0,
      changes: [
        change("create", resource("aws:iam/role:Role", "cross-account-recommendations-role")),
        change(
          "create",
          resource("aws:athena/workgroup:Workgroup", "cross-account-recommendations-workgroup"),
        ),
      ],
    },
    { stage: "consumer:fraud-scoring", account: "A", unchanged: 7 },
  ],
  false,
);

describe("the comment for a pull request", () => {
  it("begins with its marker, and tells losses of data before all else", () => {
    const lines = graphMarkdown(REVIEW, { env: "dev" }).split("\n");
    expect(lines[0]).to.equal(marker("dev"));
    const at = (part: string) => lines.findIndex((text) => text.includes(part));
    expect(at("[!CAUTION]")).to.be.above(0).and.below(at("```mermaid")).and.below(at("<details>"));
    expect(at("REPLACES")).to.be.below(at("```mermaid"));
  });

  it("shows unknowns and secrets as such", () => {
    const text = graphMarkdown(
      report([
        {
          status: "changed",
          changes: [change("update")],
          contractChanges: [{ path: "password", from: { secret: true }, to: { unknown: true } }],
        },
      ]),
      { env: "dev" },
    );
    expect(text).to.contain("| <code>password</code> | [secret] | known after the update |");
  });

  it("says so where nothing would change", () => {
    expect(graphMarkdown(report([{}, { stage: "b" }]), { env: "dev" })).to.contain(
      "**Nothing would change** in 2 stages.",
    );
  });

  it("keeps within what GitHub takes, and whole in its markup, however much there is (property)", () => {
    const path = fc.string({ unit: "binary", maxLength: 400 });
    const changes = fc.array(
      fc.record({
        op: fc.constantFrom("create", "update", "replace", "delete"),
        name: path,
        properties: fc.array(path, { maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.array(changes, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (all, times) => {
          const stages = all.map((some, index) => ({
            stage: `consumer:${index}`,
            status: "changed" as const,
            changes: Array(times)
              .fill(some)
              .flat()
              .map((each: { op: string; name: string; properties: string[] }) => ({
                ...change(each.op),
                ...each,
                op: each.op as "create",
              })),
          }));
          const text = graphMarkdown(report(stages), { env: "dev" });
          expect(text.length).to.be.at.most(COMMENT_LIMIT);
          expect(text.match(/<details>/g)?.length ?? 0).to.equal(text.match(/<\/details>/g)?.length ?? 0);
          expect((text.match(/^```/gm)?.length ?? 0) % 2).to.equal(0);
          expect(text).not.to.match(/[\ud800-\udbff](?![\udc00-\udfff])/);
          for (const row of text
            .split("\n")
            .filter((each) => each.startsWith("| <code>") || /^\| (create|update)/.test(each)))
            expect(row.split("|").length, row).to.be.oneOf([5, 6]);
        },
      ),
      { numRuns: 40 },
    );
  }).timeout(30_000);

  it("reads nothing of a resource's text as markup, mention or reference (property)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        for (const shown of [code(text), line(text)]) {
          const inner = shown.replace(/^<code>|<\/code>$/g, "").replace(/&(#\d+|amp|lt|gt|quot);/g, "");
          expect(inner).not.to.match(/[<>"|`*_~[\]\\#@!$:\n]/);
        }
      }),
    );
    expect(line("see @team, #12 and https://x.y | <b>")).to.equal(
      "see &#64;team, &#35;12 and https&#58;//x.y &#124; &lt;b&gt;",
    );
  });
});

describe("the graph in text", () => {
  const nodes: NodeView[] = viewOfReport(REVIEW.stages);

  it("has in Mermaid an account as a group, an arrow from each need, and a class for each standing", () => {
    const text = mermaid(nodes);
    expect(text).to.contain('subgraph a0["account B"]');
    expect(text).to.contain("s0 --> s2").and.to.contain("s1 --> s3");
    expect(text).to.contain("class s0 loss").and.to.contain("class s4 unchanged");
    expect(mermaid(viewOfStages([stage('a"]; x')]))).to.contain('s0["a#34;#93;#59; x"]');
  });

  it("is in DOT what Graphviz reads: all stages and arrows, whatever they are called (property)", async () => {
    const { instance } = await import("@viz-js/viz");
    const viz = await instance();
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 6 }), (names) => {
        const chain = names.map((each, index) => stage(each, index === 0 ? [] : [names[index - 1] ?? ""]));
        const read = viz.renderJSON(dot(viewOfStages(chain))) as {
          objects: { nodes?: unknown; name: string }[];
          edges: unknown[];
        };
        expect(read.edges).to.have.length(names.length - 1);
        expect(read.objects.filter(({ name: found }) => !found.startsWith("cluster_"))).to.have.length(
          names.length,
        );
      }),
      { numRuns: 30 },
    );
  });
});
