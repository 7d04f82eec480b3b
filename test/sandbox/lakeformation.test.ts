/**
 * A governed Data Catalog through the AWS SDK: settings, grants, and what Glue answers without them. It does not prove LF-tags,
 * cell filters or vended credentials, which the sandbox does not have.
 */
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetTableCommand,
  GetTablesCommand,
} from "@aws-sdk/client-glue";
import { AttachUserPolicyCommand, CreateAccessKeyCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import {
  BatchGrantPermissionsCommand,
  DeregisterResourceCommand,
  DescribeResourceCommand,
  GetDataLakeSettingsCommand,
  GrantPermissionsCommand,
  LakeFormationClient,
  ListPermissionsCommand,
  ListResourcesCommand,
  PutDataLakeSettingsCommand,
  RegisterResourceCommand,
  RevokePermissionsCommand,
  type Resource,
} from "@aws-sdk/client-lakeformation";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { clients, refusal, type Clients } from "./support";

const READER = "arn:aws:iam::111111111111:user/reader";
const IAM = { DataLakePrincipalIdentifier: "IAM_ALLOWED_PRINCIPALS" };
const reading = { DataLakePrincipalIdentifier: READER };
const orders: Resource = { Table: { DatabaseName: "sales", Name: "orders" } };
const sales: Resource = { Database: { Name: "sales" } };

describe("sandbox Lake Formation", () => {
  let sandbox: Sandbox;
  let owner: Clients;
  let reader: Clients;
  let lake: LakeFormationClient;
  let ownerArn: string;

  before(async () => {
    sandbox = await startSandbox();
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("an account was expected");
    owner = clients(sandbox.endpoint, keys);
    const { accessKeyId, secretAccessKey } = keys;
    lake = new LakeFormationClient({
      endpoint: sandbox.endpoint,
      region: "eu-central-1",
      credentials: { accessKeyId, secretAccessKey },
    });
    ownerArn = (await owner.sts.send(new GetCallerIdentityCommand({}))).Arn ?? "";
    await owner.iam.send(new CreateUserCommand({ UserName: "reader" }));
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await owner.iam.send(new AttachUserPolicyCommand({ UserName: "reader", PolicyArn }));
    const { AccessKey } = await owner.iam.send(new CreateAccessKeyCommand({ UserName: "reader" }));
    reader = clients(sandbox.endpoint, {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
    await owner.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "sales" } }));
    await owner.glue.send(create("orders"));
  });
  after(() => sandbox.close());

  const create = (Name: string, Location = "s3://lake/orders") =>
    new CreateTableCommand({ DatabaseName: "sales", TableInput: { Name, StorageDescriptor: { Location } } });
  const get = () => reader.glue.send(new GetTableCommand({ DatabaseName: "sales", Name: "orders" }));
  const insufficient = async (work: Promise<unknown>, what: string) =>
    expect(await refusal(work)).to.deep.include({
      name: "AccessDeniedException",
      message: `Insufficient Lake Formation permission(s)${what}`,
    });

  it("leaves everything to IAM until somebody says otherwise", async () => {
    const { DataLakeSettings } = await lake.send(new GetDataLakeSettingsCommand({}));
    expect(DataLakeSettings?.CreateTableDefaultPermissions).to.deep.equal([
      { Principal: IAM, Permissions: ["ALL"] },
    ]);
    const { PrincipalResourcePermissions } = await lake.send(
      new ListPermissionsCommand({ Resource: orders }),
    );
    expect(PrincipalResourcePermissions?.map(({ Principal }) => Principal)).to.deep.equal([IAM]);
    expect((await get()).Table?.Name).to.equal("orders");
  });

  it("asks for a grant once IAM's group is revoked, in AWS's words", async () => {
    const revoke = new RevokePermissionsCommand({ Principal: IAM, Resource: orders, Permissions: ["ALL"] });
    expect((await refusal(lake.send(revoke))).name).to.equal("AccessDeniedException");
    const DataLakeAdmins = [{ DataLakePrincipalIdentifier: ownerArn }];
    const nobody = { CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: [] };
    await lake.send(new PutDataLakeSettingsCommand({ DataLakeSettings: { DataLakeAdmins, ...nobody } }));
    await lake.send(revoke);
    await insufficient(get(), ": Required Describe on orders");
    const { TableList } = await reader.glue.send(new GetTablesCommand({ DatabaseName: "sales" }));
    expect(TableList).to.deep.equal([]);
    await lake.send(
      new GrantPermissionsCommand({ Principal: reading, Resource: orders, Permissions: ["SELECT"] }),
    );
    expect((await get()).Table?.Name).to.equal("orders");
    const drop = new DeleteTableCommand({ DatabaseName: "sales", Name: "orders" });
    await insufficient(reader.glue.send(drop), ": Required Drop on orders");
  });

  it("asks who makes a table for the database, and for a registered location", async () => {
    await lake.send(new RevokePermissionsCommand({ Principal: IAM, Resource: sales, Permissions: ["ALL"] }));
    await insufficient(reader.glue.send(create("returns")), ": Required Create Table on sales");
    const ResourceArn = "arn:aws:s3:::lake";
    await lake.send(new RegisterResourceCommand({ ResourceArn, UseServiceLinkedRole: true }));
    expect((await lake.send(new ListResourcesCommand({}))).ResourceInfoList).to.have.length(1);
    const { ResourceInfo } = await lake.send(new DescribeResourceCommand({ ResourceArn }));
    expect(ResourceInfo?.RoleArn).to.contain("AWSServiceRoleForLakeFormationDataAccess");
    const Entries = [
      { Id: "1", Principal: reading, Resource: sales, Permissions: ["CREATE_TABLE" as const] },
    ];
    expect((await lake.send(new BatchGrantPermissionsCommand({ Entries }))).Failures).to.deep.equal([]);
    await insufficient(reader.glue.send(create("returns")), " on s3://lake/orders");
    const Resource = { DataLocation: { ResourceArn } };
    const access = { Principal: reading, Resource, Permissions: ["DATA_LOCATION_ACCESS" as const] };
    await lake.send(new GrantPermissionsCommand(access));
    await reader.glue.send(create("returns"));
    await reader.glue.send(new DeleteTableCommand({ DatabaseName: "sales", Name: "returns" }));
    await lake.send(new DeregisterResourceCommand({ ResourceArn }));
    const gone = await refusal(lake.send(new DescribeResourceCommand({ ResourceArn })));
    expect(gone.name).to.equal("EntityNotFoundException");
  });

  it("lets no account see or set another's", async () => {
    const CatalogId = "222222222222";
    const DataLakeSettings = { DataLakeAdmins: [{ DataLakePrincipalIdentifier: ownerArn }] };
    const settings = new PutDataLakeSettingsCommand({ CatalogId, DataLakeSettings });
    for (const asked of [
      lake.send(settings),
      lake.send(new GetDataLakeSettingsCommand({ CatalogId })),
      lake.send(new ListPermissionsCommand({ CatalogId })),
      lake.send(
        new GrantPermissionsCommand({
          CatalogId,
          Principal: reading,
          Resource: { Catalog: {} },
          Permissions: ["CREATE_DATABASE"],
        }),
      ),
    ])
      expect((await refusal(asked)).name).to.equal("AccessDeniedException");
  });
});
