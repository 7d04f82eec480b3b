/** Tags of Athena's workgroups, and access by them, with the AWS SDK. Does not prove that AWS words each refusal so. */
import {
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetWorkGroupCommand,
  ListTagsForResourceCommand,
  ListWorkGroupsCommand,
  StartQueryExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateWorkGroupCommand,
  type Tag,
} from "@aws-sdk/client-athena";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { A, allow, region, user } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const arn = (name: string) => `arn:aws:athena:${region}:${A}:workgroup/${name}`;

describe("Athena: tags of workgroups", function () {
  this.timeout(20_000);
  let sandbox: Sandbox;
  let a: Clients;

  before(async () => {
    sandbox = await startSandbox();
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keys);
  });
  after(() => sandbox.close());

  const create = (Name: string, Tags?: Tag[]) => a.athena.send(new CreateWorkGroupCommand({ Name, Tags }));

  const tags = async (ResourceARN: string) =>
    (await a.athena.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;

  it("are set, changed, listed and removed, and go with the workgroup", async () => {
    const ResourceARN = arn("tagged");
    await create("tagged", [{ Key: "team", Value: "ml" }]);
    const Tags = [
      { Key: "team", Value: "data" },
      { Key: "stage", Value: "dev" },
    ];
    await a.athena.send(new TagResourceCommand({ ResourceARN, Tags }));
    expect(await tags(ResourceARN)).to.deep.equal(Tags);
    await a.athena.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["stage"] }));
    expect(await tags(ResourceARN)).to.deep.equal([{ Key: "team", Value: "data" }]);
    await a.athena.send(new DeleteWorkGroupCommand({ WorkGroup: "tagged" }));
    await create("tagged");
    expect(await tags(ResourceARN)).to.deep.equal([]);
  });

  it("decide who may use it, and each operation has an action of its own", async () => {
    await create("mine", [{ Key: "team", Value: "ml" }]);
    await create("theirs", [{ Key: "team", Value: "data" }]);
    const tagged = { Condition: { StringEquals: { "aws:ResourceTag/team": "ml" } } };
    const by = await user(sandbox.endpoint, a, "analyst", allow("athena:GetWorkGroup", "*", tagged));
    const got = await by.athena.send(new GetWorkGroupCommand({ WorkGroup: "mine" }));
    expect(got.WorkGroup?.Name).to.equal("mine");
    const denied = [
      new GetWorkGroupCommand({ WorkGroup: "theirs" }),
      new UpdateWorkGroupCommand({ WorkGroup: "mine" }),
      new DeleteWorkGroupCommand({ WorkGroup: "mine" }),
      new StartQueryExecutionCommand({ WorkGroup: "mine", QueryString: "SELECT 1" }),
      new CreateWorkGroupCommand({ Name: "another" }),
      new ListWorkGroupsCommand({}),
      new TagResourceCommand({ ResourceARN: arn("mine"), Tags: [{ Key: "team", Value: "x" }] }),
      new UntagResourceCommand({ ResourceARN: arn("mine"), TagKeys: ["team"] }),
      new ListTagsForResourceCommand({ ResourceARN: arn("mine") }),
    ];
    for (const command of denied) {
      const refused = await refusal((by.athena as { send(c: unknown): Promise<unknown> }).send(command));
      const operation = command.constructor.name.replace("Command", "");
      expect(refused.name, operation).to.equal("AccessDeniedException");
      expect(refused.message).to.contain(`perform: athena:${operation} on resource: `);
    }
  });
});
