/** The upper bound: who at most, for each resource, over all principals. */
import { expect } from "chai";
import { bounds, type BoundHolder } from "../../../access/bound";
import { document, changed, planned, proofOf, statement, type Change, type Plan } from "./plan";

describe("proof: the upper bound", function () {
  this.timeout(20_000);
  let plan: Plan;
  before(async () => void (plan = await planned()));

  async function holders(label: string, change: Change = () => undefined): Promise<readonly BoundHolder[]> {
    const { model, catalog } = await proofOf(changed(plan, change));
    const found = bounds(model, catalog).find(({ resource }) => resource.label === label);
    if (!found) throw new Error(`no bound of ${label}`);
    return found.holders;
  }
  const who = (all: readonly BoundHolder[], reach: string) =>
    [...new Set(all.filter((each) => each.reach === reach).map((each) => each.who))].sort();

  const BUCKET = "offlineBucket.offline-bucket-bucket";
  const KEY = "writer.writer-key";
  const ROLE = "crossAccountRole:fraud-scoring.cross-account-fraud-scoring-role";

  it("of account B's bucket: its owner, and account A's writer, which only writes and looks at the ACL", async () => {
    const all = await holders(BUCKET);
    expect(who(all, "write")).to.deep.equal(["account 222222222222 (its owner)", "writer.writer-role"]);
    expect(who(all, "delegate")).to.deep.equal(["account 222222222222 (its owner)"]);
    expect(
      all.filter(({ who: name }) => name === "writer.writer-role").flatMap(({ actions }) => actions),
    ).to.have.members(["s3:GetBucketAcl", "s3:PutObject", "s3:PutObjectAcl"]);
  });

  it("of account A's key: account B reads through Amazon S3, the service looks, and its account administers", async () => {
    const all = await holders(KEY);
    const ofB = all.filter(({ who: name }) => name === "account 222222222222");
    expect(ofB.map(({ reach, actions, conditions }) => [reach, actions, conditions])).to.deep.equal([
      ["read", ["kms:Decrypt"], ["StringEquals kms:ViaService s3.us-east-1.amazonaws.com"]],
    ]);
    expect(who(all, "delegate")).to.deep.equal(["account 111111111111"]);
    expect(who(all, "write")).to.deep.equal(["account 111111111111", "writer.writer-role"]);
  });

  it("of account B's role: the consumer's execution role alone, with the external ID", async () => {
    const all = await holders(ROLE);
    expect(all.map(({ who: name, conditions }) => [name, conditions])).to.deep.equal([
      [
        "consumer:fraud-scoring.consumer-fraud-scoring-execution-role",
        ["StringEquals sts:ExternalId shop/fraud-scoring"],
      ],
    ]);
  });

  it("grows by whoever a policy lets in, with what is left of the conditions", async () => {
    const open = await holders(
      BUCKET,
      statement("offline-bucket-policy", "S3CrossAccountBucketAccess", (each) => (each.Principal = "*")),
    );
    expect(who(open, "write")).to.include("anyone");
    const organization = await holders(
      BUCKET,
      statement("offline-bucket-policy", "S3CrossAccountBucketAccess", (each) => {
        each.Principal = "*";
        each.Condition = { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } };
      }),
    );
    expect(who(organization, "write")).to.include("every principal of organization o-abcdefghij");
  });

  it("does not have a role of the graph whose own policy lacks it", async () => {
    const silent = await holders(
      BUCKET,
      document("feature-groups-access", (all) => void all.splice(0, 2)),
    );
    expect(who(silent, "write")).to.deep.equal(["account 222222222222 (its owner)"]);
  });

  it("leaves out what is denied to everyone", async () => {
    const shut = await holders(
      BUCKET,
      document(
        "offline-bucket-policy",
        (all) =>
          void all.push({
            Sid: "Shut",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: ["arn:aws:s3:::shop-offline-store-sagemaker-dev/*"],
          }),
      ),
    );
    expect(who(shut, "write")).to.deep.equal(["account 222222222222 (its owner)"]);
  });
});
