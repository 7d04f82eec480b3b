/** Search over feature groups and features through the AWS SDK. It does not prove resources other than these. */
import {
  CreateFeatureGroupCommand,
  SearchCommand,
  UpdateFeatureMetadataCommand,
  type SearchCommandInput,
} from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { allow, groupOf, user, whenNot } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

describe("sandbox SageMaker: Search", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  before(async () => {
    sandbox = await startSandbox();
    [a, b] = sandbox.accounts.map((keys) => clients(sandbox.endpoint, keys)) as [Clients, Clients];
    for (const [name, team] of [
      ["orders", "shop"],
      ["customers", "shop"],
      ["clicks", "web"],
    ] as const)
      await a.sagemaker.send(
        new CreateFeatureGroupCommand(
          groupOf(name, { Description: `of ${team}`, Tags: [{ Key: "team", Value: team }] }),
        ),
      );
    for (const name of ["orders", "customers", "clicks"]) await whenNot("Creating", a, name);
    await a.sagemaker.send(
      new UpdateFeatureMetadataCommand({
        FeatureGroupName: "orders",
        FeatureName: "age",
        ParameterAdditions: [{ Key: "unit", Value: "years" }],
      }),
    );
  });
  after(() => sandbox.close());

  const groups = async (by: Clients, more: Partial<SearchCommandInput> = {}) =>
    (
      await by.sagemaker.send(
        new SearchCommand({
          Resource: "FeatureGroup",
          SortBy: "FeatureGroupName",
          SortOrder: "Ascending",
          ...more,
        }),
      )
    ).Results?.map(({ FeatureGroup }) => FeatureGroup?.FeatureGroupName);
  const where = (
    ...Filters: { Name: string; Operator?: "Contains" | "NotEquals" | "Exists"; Value?: string }[]
  ) => ({
    SearchExpression: { Filters },
  });

  it("finds groups by name, tag, status and description", async () => {
    expect(await groups(a)).to.deep.equal(["clicks", "customers", "orders"]);
    expect(
      await groups(a, where({ Name: "FeatureGroupName", Operator: "Contains", Value: "C" })),
    ).to.deep.equal(["clicks", "customers"]);
    expect(await groups(a, where({ Name: "Tags.team", Value: "shop" }))).to.deep.equal([
      "customers",
      "orders",
    ]);
    const both = where(
      { Name: "FeatureGroupStatus", Value: "Created" },
      { Name: "Description", Value: "of web" },
    );
    expect(await groups(a, both)).to.deep.equal(["clicks"]);
    const either = { SearchExpression: { ...both.SearchExpression, Operator: "Or" as const } };
    expect(await groups(a, either)).to.have.length(3);
  });

  it("finds features by their parameters, page by page", async () => {
    const { Results } = await a.sagemaker.send(
      new SearchCommand({
        Resource: "FeatureMetadata",
        ...where({ Name: "Parameters.unit", Operator: "Exists" }),
      }),
    );
    expect(Results?.map(({ FeatureMetadata }) => FeatureMetadata?.FeatureName)).to.deep.equal(["age"]);
    const first = await a.sagemaker.send(new SearchCommand({ Resource: "FeatureGroup", MaxResults: 2 }));
    expect([first.Results?.length, first.TotalHits?.Value]).to.deep.equal([2, 3]);
    expect(await groups(a, { MaxResults: 2, NextToken: first.NextToken })).to.have.length(1);
  });

  it("shows an account its own groups, to who may search", async () => {
    expect(await groups(b)).to.deep.equal([]);
    const reader = await user(sandbox.endpoint, a, "reader", allow("sagemaker:DescribeFeatureGroup"));
    expect((await refusal(groups(reader))).name).to.equal("AccessDeniedException");
    const other = a.sagemaker.send(new SearchCommand({ Resource: "TrainingJob" }));
    expect((await refusal(other)).name).to.equal("ValidationException");
  });
});
