// Two walks of docs/operations.md, as they stand there: an account is added as a consumer's, entered by a role with just
// the policy that the document shows; and state is restored, from a copy of its folder and from one stack's export. Not
// tried: state in Pulumi Cloud, which keeps its own history.
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { ExitCode } from "../../automation/model/errors";
import { clients, type Clients } from "../sandbox/support";
import { Project, type StageJson } from "./driverSupport";
import { PROJECT, TestBed } from "./support";

const [A, B, NEW] = ["111111111111", "222222222222", "333333333333"];
const BASE = "arn:aws:iam::999999999999:user/base";
/** What the walks for state lose and restore: the other stages' states are in the same folder. */
const ONLY = ["--only", "centralStore"];
const BUCKET = "walks-store-sagemaker";

function oneConsumer(config: Record<string, any>): void {
  delete config["offlineStore"];
  const { consumers, centralStore } = config;
  const [group] = centralStore.featureGroups;
  config["centralStore"] = { bucketName: BUCKET, featureGroups: [group], noncurrentVersionDays: 30 };
  const { "fraud-scoring": fraud } = consumers;
  config["consumers"] = { "fraud-scoring": { ...fraud, access: { [group.name]: ["readOnline"] } } };
}

function newConsumer(config: Record<string, any>): void {
  const [group] = config["centralStore"].featureGroups;
  config["consumers"]["recommendations"] = {
    account: {
      id: NEW,
      region: "us-east-1",
      deployerRoleArn: `arn:aws:iam::${NEW}:role/feature-store-deployer`,
    },
    resultsBucket: { name: "walks-recommendations-results" },
    access: { [group.name]: ["readOnline", "write"] },
  };
}

describe("the walks for accounts and state", function () {
  this.timeout(300_000);
  let bed: TestBed;
  let project: Project;
  let state: string;
  const administrator: Record<string, Clients> = {};

  before(async () => {
    bed = await TestBed.start([A, B, NEW]);
    state = join(bed.state, "pulumi-state");
    project = new Project(bed, oneConsumer);
    for (const keys of bed.sandbox.accounts)
      administrator[keys.id] = clients(bed.sandbox.endpoint, keys, "us-east-1");
    await project.json(0, "up");
  });
  after(() => bed.end());

  const admin = (id: string): Clients => {
    const found = administrator[id];
    if (!found) throw new Error(`no account ${id}`);
    return found;
  };
  const changed = ({ stages }: { stages: readonly StageJson[] }) =>
    stages.filter(({ changes }) => changes.length > 0).map(({ stage }) => stage);
  const days = async () => {
    const { Rules } = await admin(B).s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
    return Rules?.[0]?.NoncurrentVersionExpiration?.NoncurrentDays;
  };

  describe("adding an account", () => {
    const ofNewcomer = [
      "consumer:recommendations",
      "crossAccountRole:recommendations",
      "consumerGrants:recommendations",
    ];

    it("is refused before the account lets the deployer in, and nothing is touched", async () => {
      project.settings(newConsumer);
      const before = bed.inventory();
      const { code, stderr } = await project.run("up");
      expect(bed.inventory()).to.deep.equal(before);
      expect(code).to.equal(ExitCode.credentials);
      expect(stderr).to.include(`account recommendations (${NEW}): cannot assume`);
    });

    it("takes the role of the document, and previews the newcomer's stages alone", async () => {
      const RoleName = "feature-store-deployer";
      await admin(NEW).iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: documented("trust", { IDENTITY: BASE }),
        }),
      );
      const own = { ACCOUNT: NEW, BUCKET: "walks-recommendations-results" };
      await admin(NEW).iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: "deploy",
          PolicyDocument: documented("access", own),
        }),
      );
      expect(changed(await project.json(0, "preview"))).to.have.members(ofNewcomer);
    });

    it("gives the newcomer what it is granted, and touches nobody else", async () => {
      expect(changed(await project.json(0, "up"))).to.have.members(ofNewcomer);
      const { checks } = await project.json<{ checks: { as: string; ok: boolean }[] }>(
        0,
        "verify",
        "--wait",
        "60",
      );
      expect(checks.filter(({ as }) => as.startsWith("recommendations"))).to.have.length.above(3);
    });
  });

  describe("restoring state", () => {
    it("needs nothing for the driver's own notes: without them every stage is run once, and nothing changes", async () => {
      rmSync(join(state, ".feature-store-access"), { recursive: true });
      expect((await project.json(0, "up", ...ONLY)).stages[0])
        .to.include({ status: "unchanged" })
        .and.not.have.property("notRun");
      expect((await project.json(0, "up", ...ONLY)).stages[0]).to.include({ notRun: "unchanged" });
    });

    it("takes a copy of the folder, and what was changed since from AWS", async () => {
      const copy = join(bed.state, "copy");
      cpSync(state, copy, { recursive: true });
      project.settings((config) => (config["centralStore"].noncurrentVersionDays = 45));
      await project.json(0, "up", ...ONLY);
      const before = bed.inventory();
      rmSync(state, { recursive: true });
      cpSync(copy, state, { recursive: true });

      const { drifted } = await project.json<{ drifted: boolean }>(
        ExitCode.drift,
        "drift",
        "--only",
        "centralStore",
      );
      expect(drifted).to.equal(true);
      await project.json(0, "up", "--refresh", ...ONLY);
      expect(changed(await project.json(0, "preview"))).to.deep.equal([]);
      expect(await days()).to.equal(45);
      expect(bed.inventory()).to.deep.equal(before);
    });

    it("takes one stack from its export", async () => {
      const pulumi = (...args: string[]) =>
        bed.run("pulumi", [...args, "--stack", "dev.centralStore", "--non-interactive"], {
          cwd: project.folder,
        });
      const file = join(bed.state, "centralStore.json");
      expect((await pulumi("stack", "export", "--file", file)).code).to.equal(0);
      const stacks = join(state, ".pulumi", "stacks", "feature-store-access");
      rmSync(join(stacks, "dev.centralStore.json"));
      const before = bed.inventory();

      const made = await bed.run(
        "pulumi",
        ["stack", "init", "dev.centralStore", "--no-select", "--non-interactive"],
        {
          cwd: project.folder,
        },
      );
      expect(made.code, made.stderr).to.equal(0);
      const imported = await pulumi("stack", "import", "--file", file);
      expect(imported.code, imported.stderr).to.equal(0);
      rmSync(join(project.folder, "Pulumi.dev.centralStore.yaml"), { force: true });

      expect(changed(await project.json(0, "up", "--refresh", ...ONLY))).to.deep.equal([]);
      expect(bed.inventory()).to.deep.equal(before);
    });
  });
});

/** The document's own policy of that name, with what it leaves to its reader. */
function documented(name: string, given: Record<string, string>): string {
  const text = readFileSync(join(PROJECT, "docs", "operations.md"), "utf8");
  const found = new RegExp(`<!-- ${name} -->\\s*\`\`\`json\\n([^]*?)\`\`\``).exec(text)?.[1];
  if (found === undefined) throw new Error(`docs/operations.md has no policy ${name}`);
  return Object.entries(given).reduce((policy, [word, value]) => policy.replaceAll(word, value), found);
}
