/**
 * Athena's workgroups with the AWS SDK: their settings, and what they enforce on queries.
 * Does not prove that AWS words each refusal so.
 */
import {
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetQueryExecutionCommand,
  GetWorkGroupCommand,
  ListTagsForResourceCommand,
  ListWorkGroupsCommand,
  paginateListWorkGroups,
  StartQueryExecutionCommand,
  UpdateWorkGroupCommand,
  type CreateWorkGroupCommandInput,
  type ResultConfiguration,
  type UpdateWorkGroupCommandInput,
} from "@aws-sdk/client-athena";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { A, region, until } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const results = "workgroup-results";
const arn = (name: string) => `arn:aws:athena:${region}:${A}:workgroup/${name}`;

describe("Athena: workgroups", function () {
  this.timeout(20_000);
  let sandbox: Sandbox;
  let a: Clients;

  before(async () => {
    sandbox = await startSandbox();
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keys);
    await a.s3.send(
      new CreateBucketCommand({ Bucket: results, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
  });
  after(() => sandbox.close());

  const create = (Name: string, more: Partial<CreateWorkGroupCommandInput> = {}) =>
    a.athena.send(new CreateWorkGroupCommand({ Name, ...more }));
  const get = async (WorkGroup: string) =>
    (await a.athena.send(new GetWorkGroupCommand({ WorkGroup }))).WorkGroup;
  const update = (WorkGroup: string, more: Partial<UpdateWorkGroupCommandInput>) =>
    a.athena.send(new UpdateWorkGroupCommand({ WorkGroup, ...more }));

  /** The query as it is shown once it has ended. */
  async function run(WorkGroup: string, asked?: ResultConfiguration) {
    const { QueryExecutionId } = await a.athena.send(
      new StartQueryExecutionCommand({ QueryString: "SELECT 1", WorkGroup, ResultConfiguration: asked }),
    );
    return until(async () => {
      const { QueryExecution } = await a.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const state = QueryExecution?.Status?.State;
      return state !== "QUEUED" && state !== "RUNNING" && QueryExecution;
    });
  }

  describe("what they are", () => {
    it("are enforced, measured and without a location unless told otherwise", async () => {
      await create("plain", { Description: "a plain one" });
      const group = await get("plain");
      expect(group?.CreationTime).to.be.instanceOf(Date);
      expect({ ...group, CreationTime: undefined }).to.deep.equal({
        Name: "plain",
        State: "ENABLED",
        Description: "a plain one",
        CreationTime: undefined,
        Configuration: {
          EnforceWorkGroupConfiguration: true,
          PublishCloudWatchMetricsEnabled: true,
          RequesterPaysEnabled: false,
          EngineVersion: {
            SelectedEngineVersion: "AUTO",
            EffectiveEngineVersion: "Athena engine version 3",
          },
        },
      });
    });

    it("has a primary one that is there from the start, not enforced, and stays", async () => {
      expect((await get("primary"))?.Configuration?.EnforceWorkGroupConfiguration).to.equal(false);
      await update("primary", { Description: "of all" });
      expect((await get("primary"))?.Description).to.equal("of all");
      const refused = await refusal(a.athena.send(new DeleteWorkGroupCommand({ WorkGroup: "primary" })));
      expect(refused.name).to.equal("InvalidRequestException");
    });

    it("are listed by page, each once, in this region only", async () => {
      for (const name of ["list-1", "list-2", "list-3"]) await create(name);
      const names: (string | undefined)[] = [];
      for await (const page of paginateListWorkGroups({ client: a.athena, pageSize: 2 }, {}))
        names.push(...(page.WorkGroups ?? []).map(({ Name }) => Name));
      expect(names).to.include.members(["primary", "list-1", "list-2", "list-3"]);
      expect(new Set(names).size).to.equal(names.length);
      const far = clients(sandbox.endpoint, a.keys, "us-west-2").athena;
      const { WorkGroups } = await far.send(new ListWorkGroupsCommand({}));
      expect(WorkGroups?.map(({ Name }) => Name)).to.deep.equal(["primary"]);
    });

    it("keep the version of the engine that was chosen", async () => {
      const SelectedEngineVersion = "Athena engine version 3";
      await create("engine", { Configuration: { EngineVersion: { SelectedEngineVersion } } });
      expect((await get("engine"))?.Configuration?.EngineVersion).to.deep.equal({
        SelectedEngineVersion,
        EffectiveEngineVersion: SelectedEngineVersion,
      });
      await update("engine", { ConfigurationUpdates: { EngineVersion: { SelectedEngineVersion: "AUTO" } } });
      expect((await get("engine"))?.Configuration?.EngineVersion?.SelectedEngineVersion).to.equal("AUTO");
    });
  });

  describe("what is refused", () => {
    const refusals: [what: string, input: CreateWorkGroupCommandInput, reason: RegExp][] = [
      ["a name with a slash", { Name: "a/b" }, /validation error.*name/i],
      ["a long name", { Name: "a".repeat(129) }, /validation error/],
      ["a long description", { Name: "x", Description: "a".repeat(1025) }, /validation error/],
      [
        "a cutoff of under 10 MB",
        { Name: "x", Configuration: { BytesScannedCutoffPerQuery: 9_999_999 } },
        /10000000/,
      ],
      [
        "a location that is none",
        { Name: "x", Configuration: { ResultConfiguration: { OutputLocation: "/tmp/x" } } },
        /not a valid S3 path/,
      ],
      [
        "SSE_KMS without a key",
        {
          Name: "x",
          Configuration: {
            ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: "SSE_KMS" } },
          },
        },
        /KmsKey is required/,
      ],
      [
        "an owner that is no account",
        { Name: "x", Configuration: { ResultConfiguration: { ExpectedBucketOwner: "me" } } },
        /validation error/,
      ],
      [
        "Spark",
        {
          Name: "x",
          Configuration: { EngineVersion: { SelectedEngineVersion: "PySpark engine version 3" } },
        },
        /Invalid engine version/,
      ],
      [
        "results that Athena keeps itself",
        { Name: "x", Configuration: { ManagedQueryResultsConfiguration: { Enabled: true } } },
        /does not implement ManagedQueryResultsConfiguration/,
      ],
      [
        "a minimum of encryption",
        { Name: "x", Configuration: { EnableMinimumEncryptionConfiguration: true } },
        /does not implement EnableMinimumEncryptionConfiguration/,
      ],
      ["a name that is taken", { Name: "primary" }, /already created/],
      ["a tag of AWS's own", { Name: "x", Tags: [{ Key: "aws:x", Value: "1" }] }, /aws:/],
    ];
    for (const [what, input, reason] of refusals)
      it(what, async () => {
        const refused = await refusal(a.athena.send(new CreateWorkGroupCommand(input)));
        expect(refused.name).to.equal("InvalidRequestException");
        expect(refused.message).to.match(reason);
      });

    it("one that is not there, by every operation", async () => {
      const WorkGroup = "nowhere";
      const all = [
        a.athena.send(new GetWorkGroupCommand({ WorkGroup })),
        a.athena.send(new UpdateWorkGroupCommand({ WorkGroup })),
        a.athena.send(new DeleteWorkGroupCommand({ WorkGroup })),
        a.athena.send(new StartQueryExecutionCommand({ WorkGroup, QueryString: "SELECT 1" })),
        a.athena.send(new ListTagsForResourceCommand({ ResourceARN: arn(WorkGroup) })),
      ];
      for (const refused of await Promise.all(all.map(refusal)))
        expect(refused).to.include({
          name: "InvalidRequestException",
          message: "WorkGroup nowhere is not found.",
        });
    });
  });

  describe("what they enforce", () => {
    const own = { OutputLocation: `s3://${results}/own` };
    const asked = { OutputLocation: `s3://${results}/asked/` };

    it("is their location, whatever the query asks for", async () => {
      await create("enforced", { Configuration: { ResultConfiguration: own } });
      const query = await run("enforced", asked);
      expect(query.Status?.State).to.equal("SUCCEEDED");
      expect(query.ResultConfiguration?.OutputLocation).to.equal(
        `s3://${results}/own/${query.QueryExecutionId}.csv`,
      );
    });

    it("is nothing where they do not: the query's settings come first, the workgroup's fill them", async () => {
      const kms = (await a.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
      await create("loose", {
        Configuration: {
          EnforceWorkGroupConfiguration: false,
          ResultConfiguration: {
            ...own,
            EncryptionConfiguration: { EncryptionOption: "SSE_KMS", KmsKey: kms },
          },
        },
      });
      const query = await run("loose", asked);
      expect(query.ResultConfiguration?.OutputLocation).to.equal(
        `s3://${results}/asked/${query.QueryExecutionId}.csv`,
      );
      const head = await a.s3.send(
        new HeadObjectCommand({ Bucket: results, Key: `asked/${query.QueryExecutionId}.csv` }),
      );
      expect(head.SSEKMSKeyId).to.equal(kms);
      expect((await run("loose")).ResultConfiguration?.OutputLocation).to.match(/\/own\//);
    });

    it("is no location at all, if they have none", async () => {
      await create("nothing");
      expect((await refusal(run("nothing", asked))).message).to.contain("No output location provided");
    });

    it("no query while they are disabled", async () => {
      await create("off", { Configuration: { ResultConfiguration: own } });
      await update("off", { State: "DISABLED" });
      expect(await refusal(run("off"))).to.include({
        name: "InvalidRequestException",
        message: "WorkGroup off is disabled.",
      });
      await update("off", { State: "ENABLED" });
      expect((await run("off")).Status?.State).to.equal("SUCCEEDED");
    });
  });

  it("are updated member by member; removal wins over a new value", async () => {
    await create("changing", {
      Configuration: {
        BytesScannedCutoffPerQuery: 20_000_000,
        ResultConfiguration: { OutputLocation: `s3://${results}/one/`, ExpectedBucketOwner: A },
      },
    });
    await update("changing", {
      ConfigurationUpdates: {
        PublishCloudWatchMetricsEnabled: false,
        ResultConfigurationUpdates: { OutputLocation: `s3://${results}/two/` },
      },
    });
    const changed = (await get("changing"))?.Configuration;
    expect(changed).to.include({
      BytesScannedCutoffPerQuery: 20_000_000,
      PublishCloudWatchMetricsEnabled: false,
      EnforceWorkGroupConfiguration: true,
    });
    expect(changed?.ResultConfiguration).to.deep.equal({
      OutputLocation: `s3://${results}/two/`,
      ExpectedBucketOwner: A,
    });
    await update("changing", {
      ConfigurationUpdates: {
        RemoveBytesScannedCutoffPerQuery: true,
        ResultConfigurationUpdates: {
          RemoveExpectedBucketOwner: true,
          RemoveOutputLocation: true,
          OutputLocation: `s3://${results}/three/`,
        },
      },
    });
    const bare = (await get("changing"))?.Configuration;
    expect(bare).not.to.have.property("BytesScannedCutoffPerQuery");
    expect(bare?.ResultConfiguration ?? {}).to.deep.equal({});
  });

  it("are deleted with their queries only if told so", async () => {
    await create("used", { Configuration: { ResultConfiguration: { OutputLocation: `s3://${results}/` } } });
    const query = await run("used");
    const remove = (RecursiveDeleteOption?: boolean) =>
      a.athena.send(new DeleteWorkGroupCommand({ WorkGroup: "used", RecursiveDeleteOption }));
    expect((await refusal(remove())).message).to.equal("WorkGroup used is not empty.");
    await remove(true);
    const gone = new GetQueryExecutionCommand({ QueryExecutionId: query.QueryExecutionId });
    expect((await refusal(a.athena.send(gone))).message).to.contain("was not found");
  });
});
