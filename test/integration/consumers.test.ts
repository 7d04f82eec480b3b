// The assumed-role topology with three consumers in three accounts and five feature groups, every subset of permissions
// among them: each combination tried for real, and what the verification cannot try: the same role name in a fourth
// account, roles and buckets that consumers bring, roles that are made again, consumers that come and go.
import { join } from "node:path";
import { expect } from "chai";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { ExitCode } from "../../automation/model/errors";
import type { ConsumerGrantsContract } from "../../components/topologies/assumed-role";
import { clients, refusal, type Clients } from "../sandbox/support";
import { Project, type StageJson } from "./driverSupport";
import { NOTHING, TestBed } from "./support";

const [RISK, ADS, OPS] = ["111111111111", "333333333333", "444444444444"];
const STRANGER = "555555555555";

/** By consumer and group: every subset of the three permissions is there, and none at all. */
const ACCESS: Record<string, Record<string, string[]>> = {
  risk: {
    users: ["readOnline", "readOffline", "write"],
    items: ["readOnline"],
    visits: ["readOffline"],
    carts: ["write"],
  },
  ads: {
    users: ["readOnline", "readOffline"],
    items: ["readOnline", "write"],
    visits: ["readOffline", "write"],
    history: ["readOffline"],
  },
  ops: { carts: ["readOnline", "readOffline", "write"], history: ["write"] },
};
const GROUPS = ["users", "items", "visits", "carts", "history"];

const account = (id: string, region: string) => ({
  id,
  region,
  deployerRoleArn: `arn:aws:iam::${id}:role/deployer`,
});
const group = (name: string) => ({
  name,
  recordIdentifier: "id",
  eventTime: "at",
  features: [
    { name: "id", type: "String" },
    { name: "at", type: "Fractional" },
    { name: "amount", type: "Integral" },
  ],
  ...(name === "history" ? { onlineStore: false } : {}),
});

function settings(config: Record<string, any>): void {
  delete config["offlineStore"];
  config["centralStore"] = {
    bucketName: "five-groups-sagemaker",
    featureGroups: GROUPS.map(group),
  };
  config["consumers"] = {
    // In account A.
    risk: { externalId: "risk/1", resultsBucket: { name: "results-risk" }, access: ACCESS["risk"] },
    // Its region is not the store's: its results have to be in the store's all the same.
    ads: {
      account: account(ADS, "eu-west-1"),
      resultsBucket: { name: "results-ads" },
      access: ACCESS["ads"],
    },
    // Brings its role and its bucket.
    ops: {
      account: account(OPS, "us-east-1"),
      executionRoleArn: `arn:aws:iam::${OPS}:role/team/ops-notebooks`,
      resultsBucket: { name: "results-ops-own", existing: true },
      access: ACCESS["ops"],
    },
  };
}

describe("three consumers in three accounts, and five feature groups", function () {
  this.timeout(240_000);
  let bed: TestBed;
  let project: Project;
  const administrator: Record<string, Clients> = {};
  before(async () => {
    bed = await TestBed.start([RISK, ADS, OPS, STRANGER].filter((id) => id !== undefined));
    project = new Project(bed, settings);
    for (const keys of bed.sandbox.accounts)
      administrator[keys.id] = clients(bed.sandbox.endpoint, keys, "us-east-1");
  });
  after(() => bed.end());

  const admin = (id = ""): Clients => {
    const found = administrator[id];
    if (!found) throw new Error(`no account ${id}`);
    return found;
  };
  const grants = async (consumer: string) => {
    const { stdout } = await project.run("outputs");
    return (JSON.parse(stdout) as Record<string, unknown>)[
      `consumerGrants:${consumer}`
    ] as ConsumerGrantsContract;
  };
  const touched = ({ stages }: { stages: readonly StageJson[] }) =>
    stages.filter(({ changes }) => changes.length > 0).map(({ stage }) => stage);

  it("are refused before anything is made while what a consumer brings is not there", async () => {
    for (const command of ["preview", "up"]) {
      const { code, stderr } = await project.run(command);
      expect(code, stderr).to.equal(ExitCode.existing);
      expect(stderr).to.match(/consumers\.ops\.executionRoleArn: there is no role .*ops-notebooks/);
      expect(stderr).to.contain("consumers.ops.resultsBucket.name: there is no bucket results-ops-own");
    }
    expect(bed.inventory()).to.deep.equal(NOTHING);
    await admin(OPS).iam.send(new CreateRoleCommand({ ...executionRole(OPS), Path: "/team/" }));
    await admin(OPS).s3.send(new CreateBucketCommand({ Bucket: "results-ops-own" }));
  });

  it("deploy, whether a consumer brings its role and bucket or has them made", async () => {
    const { stdout } = await project.run("up");
    expect(stdout).to.match(
      /consumerGrants:ops: the owner of the results bucket has to add .*requiredBucketPolicy/,
    );
    const { requiredBucketPolicy } = await grants("ops");
    await admin(OPS).s3.send(
      new PutBucketPolicyCommand({ Bucket: "results-ops-own", Policy: requiredBucketPolicy }),
    );
    const location = bed.kept<{ name: string; region: string }>("s3.buckets");
    expect(location.find(({ name }) => name === "results-ads")?.region).to.equal("us-east-1");
  });

  it("may do what they are granted and nothing else, in every combination", async () => {
    const { checks } = await project.json<{ checks: Check[] }>(0, "verify", "--wait", "60");
    for (const [consumer, access] of Object.entries(ACCESS))
      for (const name of GROUPS) {
        const of = (action: string) =>
          checks.filter(
            (check) => check.as.startsWith(`${consumer},`) && check.action === action && names(check, name),
          );
        const granted = access[name] ?? [];
        const expected = (permission: string) => (granted.includes(permission) ? "allowed" : "denied");
        const came = (action: string) => of(action).map(({ actual }) => actual);
        if (name !== "history") {
          expect(came("sagemaker:GetRecord"), `${consumer} ${name}`).to.deep.equal([expected("readOnline")]);
          expect(came("sagemaker:BatchGetRecord"), `${consumer} ${name}`).to.deep.equal([
            expected("readOnline"),
          ]);
        }
        expect(came("sagemaker:PutRecord"), `${consumer} ${name}`).to.deep.equal([expected("write")]);
        expect(came("athena:StartQueryExecution"), `${consumer} ${name}`).to.deep.equal([
          expected("readOffline"),
        ]);
      }
    expect(checks.filter(({ ok }) => !ok)).to.deep.equal([]);
  });

  it("are not who has their role's name in another account", async () => {
    const { roleArn, executionRoleArn, externalId } = await grants("risk");
    const RoleName = executionRoleArn.split("/").pop();
    const trust = executionRole(STRANGER);
    const { Role } = await admin(STRANGER).iam.send(new CreateRoleCommand({ ...trust, RoleName }));
    await admin(STRANGER).iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: "all", PolicyDocument: ALLOW_ASSUMING }),
    );
    const impostor = await as(admin(STRANGER), Role?.Arn ?? "");
    const assume = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: "test",
      ExternalId: externalId,
    });
    expect((await refusal(impostor.sts.send(assume))).name).to.equal("AccessDenied");
  });

  it("lose nothing when their role is made again: what named it is written anew", async () => {
    const { roleArn, executionRoleArn, externalId } = await grants("risk");
    const RoleName = executionRoleArn.split("/").pop() ?? "";
    const { iam } = admin(RISK);
    const before = (await iam.send(new GetRoleCommand({ RoleName }))).Role;
    for (const PolicyName of (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? [])
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    const AssumeRolePolicyDocument = decodeURIComponent(before?.AssumeRolePolicyDocument ?? "");
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));

    const preview = await project.json(0, "preview");
    expect(touched(preview)).to.include.members([
      "consumer:risk",
      "crossAccountRole:risk",
      "consumerGrants:risk",
    ]);
    const { stderr } = await project.run("up");
    expect(stderr).to.contain("was recreated");
    const base = clients(bed.sandbox.endpoint, bed.sandbox.base, "us-east-1");
    const deployer = await as(base, `arn:aws:iam::${RISK}:role/deployer`);
    const execution = await as(deployer, executionRoleArn);
    const assume = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: "test",
      ExternalId: externalId,
    });
    expect((await execution.sts.send(assume)).AssumedRoleUser?.Arn).to.contain("assumed-role/");
    expect(touched(await project.json(0, "preview"))).to.deep.equal([]);
  });

  it("go with their own stages alone, and come back with them", async () => {
    const theirs = ["consumer:ads", "crossAccountRole:ads", "consumerGrants:ads"];
    const whole = bed.inventory();
    project.settings((config) => delete (config["consumers"] as Record<string, unknown>)["ads"]);
    // Its results are data: they go only if they are named.
    expect(touched(await project.json(10, "preview"))).to.have.members(theirs);
    expect((await project.run("up")).code).to.equal(10);
    expect(bed.inventory()).to.deep.equal(whole);
    const plan = join(project.folder, "plan.json");
    const allowed = ["--allow-replace", "consumer-ads-results"];
    expect(touched(await project.json(0, "preview", "--plan", plan, ...allowed))).to.have.members(theirs);
    const drift = await project.json<{ drifted: boolean; stages: { stage: string; departed?: true }[] }>(
      0,
      "drift",
    );
    expect(drift.drifted).to.equal(false);
    expect(drift.stages.flatMap(({ stage, departed }) => (departed ? stage : []))).to.have.members(theirs);
    expect(touched(await project.json(0, "up", "--plan", plan))).to.have.members(theirs);
    expect(bed.inventory()).to.deep.equal({
      ...whole,
      roles: whole.roles - 2,
      inlinePolicies: whole.inlinePolicies - 2,
      buckets: whole.buckets - 1,
      workgroups: whole.workgroups - 1,
    });

    project.settings(settings);
    expect(touched(await project.json(0, "preview"))).to.have.members(theirs);
    const report = await project.json(0, "up");
    expect(touched(report)).to.have.members(theirs);
    const others = report.stages.filter(({ stage }) => !theirs.includes(stage));
    expect(others.map(({ notRun }) => notRun)).to.deep.equal(others.map(() => "unchanged"));
    expect(bed.inventory()).to.deep.equal(whole);
  });
});

interface Check {
  readonly as: string;
  readonly action: string;
  readonly resource: string;
  readonly actual: string;
  readonly ok: boolean;
}

/** True for `.../feature-group/NAME`, and `table NAME_EPOCH`. */
function names({ resource }: Check, name: string): boolean {
  return resource.endsWith(`feature-group/${name}`) || resource.startsWith(`table ${name}_`);
}

const ALLOW_ASSUMING = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" },
});

/** A role that the account's own administrators and deployer may assume, as SageMaker would. */
function executionRole(id = "") {
  return {
    RoleName: "ops-notebooks",
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
        { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${id}:root` }, Action: "sts:AssumeRole" },
      ],
    }),
  };
}

async function as({ sts }: Clients, RoleArn: string): Promise<Clients> {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const endpoint = await sts.config.endpoint?.();
  const url = endpoint ? `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}` : "";
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return clients(url, keys, "us-east-1");
}
