/** The assumed-role topology by hand: account B's table, key and role; account A's execution role and results bucket. */
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type QueryExecution,
  type StartQueryExecutionCommandInput,
} from "@aws-sdk/client-athena";
import { CreateDatabaseCommand, CreateTableCommand } from "@aws-sdk/client-glue";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { A, allow, B, document, region, until } from "./featureGroups";
import { assume, clients, type Clients } from "./support";

export const data = "account-b-sagemaker-data";
export const results = "account-a-athena-results";
export const output = `s3://${results}/team/`;
const catalog = `arn:aws:glue:${region}:${B}`;

/** What the role of B may do, by name, so that a test can leave one out. */
export function permissions(key: string): Record<string, object> {
  return {
    athena: allow("athena:*", `arn:aws:athena:${region}:${B}:workgroup/*`),
    database: allow("glue:GetDatabase", [`${catalog}:catalog`, `${catalog}:database/store`]),
    table: allow("glue:GetTable", [
      `${catalog}:catalog`,
      `${catalog}:database/store`,
      `${catalog}:table/store/customers`,
    ]),
    list: allow("s3:ListBucket", `arn:aws:s3:::${data}`),
    read: allow("s3:GetObject", `arn:aws:s3:::${data}/customers/*`),
    decrypt: allow("kms:Decrypt", key, {
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    }),
    location: allow("s3:GetBucketLocation", `arn:aws:s3:::${results}`),
    results: allow(["s3:PutObject", "s3:GetObject"], `arn:aws:s3:::${results}/team/*`),
  };
}

export class AthenaTopology {
  sandbox!: Sandbox;
  a!: Clients;
  b!: Clients;
  /** A's execution role, and the session of B's role that it assumed. */
  execution!: Clients;
  cross!: Clients;
  key!: string;

  async start(): Promise<void> {
    this.sandbox = await startSandbox();
    const [keysA, keysB] = this.sandbox.accounts;
    if (!keysA || !keysB) throw new Error("two accounts were expected");
    const { endpoint } = this.sandbox;
    this.a = clients(endpoint, keysA);
    this.b = clients(endpoint, keysB);
    this.key = (await this.b.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    await this.roles(endpoint);
    await this.buckets();
    await this.b.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "store" } }));
    await this.table("customers");
    await this.put("customers/data/year=2024/one.parquet", [
      { id: "one", age: 41n, score: 0.5 },
      { id: 'two "2", or so', age: null, score: 12345678.9 },
    ]);
  }

  private async roles(endpoint: string): Promise<void> {
    const executionArn = `arn:aws:iam::${A}:role/execution`;
    const crossArn = `arn:aws:iam::${B}:role/cross`;
    const role = (by: Clients, RoleName: string, AWS: string) =>
      by.iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: document({
            Effect: "Allow",
            Principal: { AWS },
            Action: "sts:AssumeRole",
          }),
        }),
      );
    await role(this.a, "execution", `arn:aws:iam::${A}:root`);
    await role(this.b, "cross", executionArn);
    const PolicyDocument = document(
      allow("sts:AssumeRole", crossArn),
      allow("s3:GetObject", `arn:aws:s3:::${results}/*`),
    );
    await this.a.iam.send(
      new PutRolePolicyCommand({ RoleName: "execution", PolicyName: "p", PolicyDocument }),
    );
    await this.grant();
    this.execution = clients(endpoint, await assume(this.a.sts, executionArn));
    this.cross = clients(endpoint, await assume(this.execution.sts, crossArn));
  }

  /** Gives B's role all its permissions but those named, and these more. */
  async grant(without: readonly string[] = [], ...more: object[]): Promise<void> {
    const statements = Object.entries(permissions(this.key)).flatMap(([name, statement]) =>
      without.includes(name) ? [] : [statement],
    );
    const PolicyDocument = document(...statements, ...more);
    await this.b.iam.send(new PutRolePolicyCommand({ RoleName: "cross", PolicyName: "p", PolicyDocument }));
  }

  private async buckets(): Promise<void> {
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await this.b.s3.send(new CreateBucketCommand({ Bucket: data, CreateBucketConfiguration }));
    await this.a.s3.send(new CreateBucketCommand({ Bucket: results, CreateBucketConfiguration }));
    await this.openResults();
  }

  /** A's bucket policy: B's role may do these on its results. */
  async openResults(actions: string[] = ["s3:PutObject", "s3:GetObject"]): Promise<void> {
    const Principal = { AWS: `arn:aws:iam::${B}:role/cross` };
    const Policy = document(
      { Principal, ...allow(actions, `arn:aws:s3:::${results}/team/*`) },
      { Principal, ...allow("s3:GetBucketLocation", `arn:aws:s3:::${results}`) },
    );
    await this.a.s3.send(new PutBucketPolicyCommand({ Bucket: results, Policy }));
  }

  /** A table of B's with the columns of `put`, and one that no object has. */
  async table(Name: string, path = Name): Promise<void> {
    const Columns = ["id:string", "age:bigint", "score:double", "added:string"].map((column) => {
      const [columnName = "", Type] = column.split(":");
      return { Name: columnName, Type };
    });
    await this.b.glue.send(
      new CreateTableCommand({
        DatabaseName: "store",
        TableInput: { Name, StorageDescriptor: { Columns, Location: `s3://${data}/${path}/data` } },
      }),
    );
  }

  /** A Parquet object of B's, under B's key. */
  async put(Key: string, rows: readonly { id: string; age: bigint | null; score: number }[]): Promise<void> {
    const { parquetWriteBuffer } = await import("hyparquet-writer");
    const file = parquetWriteBuffer({
      columnData: [
        { name: "id", type: "STRING", data: rows.map(({ id }) => id) },
        { name: "age", type: "INT64", nullable: true, data: rows.map(({ age }) => age) },
        { name: "score", type: "DOUBLE", data: rows.map(({ score }) => score) },
      ],
    });
    await this.b.s3.send(
      new PutObjectCommand({
        Bucket: data,
        Key,
        Body: new Uint8Array(file),
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: this.key,
      }),
    );
  }

  /** Starts a query of B's role with its results in A's bucket. Returns its ID. */
  async begin(QueryString: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<string> {
    const started = await this.cross.athena.send(
      new StartQueryExecutionCommand({
        QueryString,
        QueryExecutionContext: { Database: "store" },
        ResultConfiguration: { OutputLocation: output },
        ...more,
      }),
    );
    return started.QueryExecutionId ?? "";
  }

  /** The query once it is over. */
  over(QueryExecutionId: string): Promise<QueryExecution> {
    return until(async () => {
      const { QueryExecution } = await this.cross.athena.send(
        new GetQueryExecutionCommand({ QueryExecutionId }),
      );
      const state = QueryExecution?.Status?.State;
      return state !== "QUEUED" && state !== "RUNNING" && QueryExecution;
    });
  }

  /** The rows of a query's result, header first; NULL is undefined. Fails with the query's reason. */
  async rows(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}) {
    const id = await this.begin(sql, more);
    const { Status } = await this.over(id);
    if (Status?.State !== "SUCCEEDED") throw new Error(Status?.StateChangeReason);
    const { ResultSet } = await this.cross.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    return ResultSet?.Rows?.map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue)) ?? [];
  }

  /** Why a query failed. Fails if it did not. */
  async failure(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<string> {
    const { Status } = await this.over(await this.begin(sql, more));
    if (Status?.State !== "FAILED")
      throw new Error(`the query was expected to fail, and is ${Status?.State}`);
    return Status.StateChangeReason ?? "";
  }
}
