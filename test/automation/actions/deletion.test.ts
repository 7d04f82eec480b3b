// What is decided about data without asking anybody: confirmations, whose a folder is, what a catalog needs. What AWS is asked is
// proven by test/integration/deletion.test.ts and lakeFormation.test.ts.
import { expect } from "chai";
import { confirm, Unconfirmed } from "../../../automation/actions/deletion/confirm";
import { contentsText, counted, EMPTY } from "../../../automation/actions/deletion/contents";
import { withKeptData } from "../../../automation/stacks/deployedState";
import { ExitCode } from "../../../automation/model/errors";
import { creatingNeeds, grantCommand } from "../../../automation/preflight/lakeFormation/needs";
import { readingNeeds } from "../../../automation/topologies/assumedRole/catalog";
import { folderOf, placesOf } from "../../../automation/actions/leftovers/places";
import { parseSettings } from "../../../components/settings";
import { devSettings } from "../../components/support";

describe("deleting data", () => {
  const refused = async (given: string | undefined) => {
    try {
      await confirm("dev", [1], ["one"], given);
    } catch (error) {
      expect(error).to.be.instanceOf(Unconfirmed).and.include({ exitCode: ExitCode.unconfirmed });
      return (error as Unconfirmed).list;
    }
    return undefined;
  };

  it("takes the environment's name and nothing else for a confirmation", async () => {
    expect(await refused("dev")).to.equal(undefined);
    for (const given of [undefined, "", "Dev", "dev ", "yes"])
      expect(await refused(given)).to.deep.equal([1]);
    await confirm("dev", [1], ["one"], (list) => Promise.resolve(list.length === 1 ? "dev" : undefined));
  });

  it("counts versions and delete markers, and as objects only what readers find", () => {
    const version = { key: "k", bytes: 5, isLatest: false, isMarker: false };
    const marker = { key: "k", bytes: 0, isLatest: true, isMarker: true };
    const all = [version, { ...version, key: "l", isLatest: true }, marker].reduce(counted, EMPTY);
    expect(all).to.deep.equal({ objects: 1, versions: 2, deleteMarkers: 1, bytes: 10 });
    expect(contentsText(all)).to.equal("1 object (2 versions, 1 delete marker), 10 bytes");
  });

  it("tells a group's folder, and takes nothing else for one", () => {
    const uri = "s3://b/p/1/sagemaker/r/offline-store/my-orders-1600000000/data";
    const prefix = "p/1/sagemaker/r/offline-store/my-orders-1600000000/";
    expect(folderOf(uri)).to.deep.equal({ bucket: "b", prefix, group: "my-orders" });
    for (const other of ["s3://b/p", "s3://b/offline-store/orders/data", "", "s3://b/offline-store/-1/x/y"])
      expect(folderOf(other), other).to.equal(undefined);
  });

  it("knows groups that left the settings by its notes, and none of an account that is another now", () => {
    const made = {
      name: "gone",
      account: "A",
      accountId: parseSettings(devSettings()).accounts["A"]?.id ?? "",
      region: "us-east-1",
      s3Uri: "s3://old/1/sagemaker/us-east-1/offline-store/gone-1600000000/data",
    };
    const names = (notes: (typeof made)[]) =>
      placesOf(parseSettings(devSettings()), notes).map(({ bucket }) => bucket);
    expect(names([made])).to.include("old");
    expect(names([{ ...made, accountId: "999999999999" }])).not.to.include("old");
  });

  it("keeps what holds data with what guards it, and nothing of the access", () => {
    const resource = (type: string, custom = true) => ({ urn: type, type, custom });
    const resources = [
      resource("aws:s3/bucket:Bucket"),
      resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
      resource("aws:iam/role:Role"),
      resource("feature-store-access:assumed-role:Consumer", false),
    ];
    const kept = withKeptData({ version: 3, deployment: { resources } });
    const after = (kept.deployment as { resources: { protect: boolean }[] }).resources;
    expect(after.map(({ protect }) => protect)).to.deep.equal([true, true, false, false]);
  });

  it("asks Lake Formation for what readers and makers of tables need, once each", () => {
    const settings = parseSettings(devSettings());
    const [consumer] = settings.consumers;
    const table = { catalog: "AwsDataCatalog", database: "sagemaker_featurestore", name: "t_1" };
    const groups = Object.fromEntries(
      (settings.centralStore?.featureGroups ?? []).map(({ name }) => [name, { name, arn: "arn:x", table }]),
    );
    const needs = readingNeeds(settings, groups, { [consumer?.name ?? ""]: "arn:aws:iam::2:role/r" });
    expect(needs.map(({ permission, table: on }) => `${permission} ${on ?? ""}`)).to.have.members([
      "DESCRIBE ",
      "DESCRIBE t_1",
      "SELECT t_1",
    ]);
    expect(
      creatingNeeds(settings).map(({ account, permission }) => `${account} ${permission}`),
    ).to.deep.equal(["A CREATE_TABLE", "B CREATE_TABLE"]);
    const [need] = needs;
    expect(need && grantCommand(need)).to.match(
      /^aws lakeformation grant-permissions --region \S+ --principal /,
    );
  });
});
