// A catalog that Lake Formation governs: what the driver says before and after a deployment, that its commands mend it, and
// that consumers then can query. The catalog is the sandbox's: it does not prove LF-tags or vended credentials.
import { rmSync } from "node:fs";
import {
  GrantPermissionsCommand,
  LakeFormationClient,
  PutDataLakeSettingsCommand,
  type Permission,
  type Resource,
} from "@aws-sdk/client-lakeformation";
import { CreateDatabaseCommand } from "@aws-sdk/client-glue";
import { expect } from "chai";
import { ExitCode } from "../../automation/model/errors";
import { assume, clients } from "../sandbox/support";
import { Project } from "./driverSupport";
import { TestBed } from "./support";

const B = "222222222222";

describe("a catalog that Lake Formation governs", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  let lake: LakeFormationClient;
  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, (config) => {
      delete config["offlineStore"];
      config["consumers"] = Object.fromEntries(Object.entries(config["consumers"] as object).slice(0, 1));
    });
    const { endpoint, base } = bed.sandbox;
    const admin = await assume(clients(endpoint, base, "us-east-1").sts, `arn:aws:iam::${B}:role/deployer`);
    const { glue } = clients(endpoint, admin, "us-east-1");
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "sagemaker_featurestore" } }));
    lake = new LakeFormationClient({ endpoint, region: "us-east-1", credentials: admin });
  });
  after(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });

  /** What the command line in the text says, sent by the SDK: the sandbox's administrator has no AWS CLI at hand. */
  const run = async (command: string) => {
    const [, principal = "", permission = "", json = ""] =
      /DataLakePrincipalIdentifier=(\S+) --permissions (\S+) --resource '(.*)'$/.exec(command) ?? [];
    await lake.send(
      new GrantPermissionsCommand({
        Principal: { DataLakePrincipalIdentifier: principal },
        Permissions: [permission as Permission],
        Resource: JSON.parse(json) as Resource,
      }),
    );
  };

  it("says which grants readers lack, with the commands that mend it", async () => {
    await project.json(ExitCode.ok, "up", "--only", "centralStore");
    const DataLakeAdmins = [{ DataLakePrincipalIdentifier: `arn:aws:iam::${B}:role/deployer` }];
    const none = { CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: [] };
    await lake.send(new PutDataLakeSettingsCommand({ DataLakeSettings: { DataLakeAdmins, ...none } }));
    const { RevokePermissionsCommand, ListPermissionsCommand } =
      await import("@aws-sdk/client-lakeformation");
    const { PrincipalResourcePermissions: all = [] } = await lake.send(new ListPermissionsCommand({}));
    for (const { Principal, Resource: of, Permissions } of all)
      await lake.send(new RevokePermissionsCommand({ Principal, Resource: of, Permissions }));
    const { catalog } = await project.json<{ catalog: { permission: string; command: string }[] }>(
      ExitCode.lakeFormation,
      "up",
    );
    expect(catalog.map(({ permission }) => permission)).to.include.members(["DESCRIBE", "SELECT"]);
    const { checks } = await project.json<{ checks: { action: string; detail?: string; ok: boolean }[] }>(
      ExitCode.verification,
      ...["verify", "--wait", "30"],
    );
    const wrong = checks.filter(({ ok }) => !ok);
    expect(wrong.some(({ action }) => action === "lakeformation:SELECT")).to.equal(true);
    expect(wrong.map(({ detail }) => detail).join()).to.contain("Insufficient Lake Formation permission(s)");
    for (const { command } of catalog) await run(command);
    await project.json(ExitCode.ok, "verify", "--wait", "30");
  });

  it("refuses before anything is done what could not make its table", async () => {
    await lake.send(
      new PutDataLakeSettingsCommand({
        DataLakeSettings: {
          DataLakeAdmins: [{ DataLakePrincipalIdentifier: `arn:aws:iam::${B}:role/lake` }],
        },
      }),
    );
    project.settings((config) => {
      const [group] = config["centralStore"].featureGroups;
      config["centralStore"].featureGroups.push({ ...group, name: "returns" });
    });
    const { code, stderr } = await project.run("up");
    expect(code, stderr).to.equal(ExitCode.lakeFormation);
    expect(stderr)
      .to.contain("feature group returns cannot be created")
      .and.contain("--permissions CREATE_TABLE");
    expect(bed.kept("sagemaker.featureGroups")).to.have.length(2);
  });
});
