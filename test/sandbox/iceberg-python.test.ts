/**
 * Iceberg offline stores, read and written by PyIceberg through the Data Catalog and S3: a reader that nobody here wrote. It does not
 * prove that AWS's own tables look so in all that the Iceberg specification leaves open.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import {
  CreateFeatureGroupCommand,
  UpdateFeatureGroupCommand,
  type CreateFeatureGroupCommandInput,
} from "@aws-sdk/client-sagemaker";
import { PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { findPython, virtualEnvironment } from "../integration/python";
import { queryRows } from "./athenaRows";
import { allow, groupOf, recordOf, region, serviceRole, until, whenNot } from "./featureGroups";
import { clients, type Clients } from "./support";

const PACKAGES = ["pyiceberg[pyarrow,glue,pyiceberg-core]==0.12.0", "pyarrow==26.0.1", "boto3==1.44.5"];
const bucket = "iceberg-sagemaker";

/** Reads the table, appends a row to it, and tells what it saw as JSON. */
const SCRIPT = `
import json, os, sys
from pyiceberg.catalog import load_catalog
endpoint, region, table_name = sys.argv[1:]
key, secret = os.environ["SANDBOX_KEY"], os.environ["SANDBOX_SECRET"]
catalog = load_catalog("glue", **{
    "type": "glue", "glue.endpoint": endpoint, "glue.region": region,
    "glue.access-key-id": key, "glue.secret-access-key": secret,
    "s3.endpoint": endpoint, "s3.region": region,
    "s3.access-key-id": key, "s3.secret-access-key": secret,
})
table = catalog.load_table("sagemaker_featurestore." + table_name)
rows = table.scan().to_arrow().to_pylist()
day = table.scan(row_filter="time >= '2024-01-02T00:00:00Z' and time < '2024-01-03'")
told = {
    "schema": [[f.field_id, f.name, str(f.field_type), f.required] for f in table.schema().fields],
    "spec": [[f.name, str(f.transform)] for f in table.spec().fields],
    "format": table.format_version,
    "snapshots": [s.summary.operation.value for s in table.snapshots()],
    "records": table.current_snapshot().summary["total-records"],
    "rows": sorted([[r["id"], r["time"], str(r["age"]), r["score"], r.get("Colour"), r["is_deleted"]] for r in rows]),
    "files of a day": len(list(day.plan_files())),
    "partitions": sorted(p["partition"]["time_trunc"] for p in table.inspect.partitions().to_pylist()),
    "first": [r["id"] for r in table.scan(snapshot_id=table.snapshots()[0].snapshot_id).to_arrow().to_pylist()],
}
import pyarrow as pa
added = pa.Table.from_pylist(
    [{"id": "python", "time": "2024-05-01T00:00:00Z", "age": 50, "is_deleted": False}],
    schema=table.schema().as_arrow(),
)
table.append(added)
told["after"] = sorted(r["id"] for r in table.scan().to_arrow().to_pylist())
print(json.dumps(told))
`;

describe("Iceberg offline stores, with PyIceberg", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "iceberg-python-"));
  let sandbox: Sandbox | undefined;
  let a: Clients;
  let table: string;
  let python: string;

  before(async function () {
    const interpreter = findPython();
    if (interpreter === undefined) {
      console.log("      left out: there is no Python 3.9 with venv and ensurepip, which PyIceberg needs");
      return this.skip();
    }
    python = join(virtualEnvironment(interpreter, "pyiceberg-0.12.0-core", PACKAGES), "python");
    sandbox = await startSandbox();
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keys);
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await a.s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
    const RoleArn = await serviceRole(a, "writer", [
      allow(["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl", "s3:GetObject"]),
      allow(["glue:GetTable", "glue:UpdateTable"]),
    ]);
    const OfflineStoreConfig: CreateFeatureGroupCommandInput["OfflineStoreConfig"] = {
      S3StorageConfig: { S3Uri: `s3://${bucket}/features` },
      TableFormat: "Iceberg",
    };
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("people", { RoleArn, OfflineStoreConfig })));
    const group = await whenNot("Creating", a, "people");
    table = group.OfflineStoreConfig?.DataCatalogConfig?.TableName ?? "";
    await put({ id: "ann", time: "2024-01-01T23:59:59Z", age: "30", score: "0.5" });
    await counted("1");
    await put({ id: "ben", time: "2024-01-02T00:00:00Z", age: "9007199254740993" });
    await put({ id: "cat", time: "2024-02-01T00:00:00.123Z", score: "1e-5" });
    await counted("3");
    const FeatureAdditions = [{ FeatureName: "Colour", FeatureType: "String" }] as const;
    await a.sagemaker.send(
      new UpdateFeatureGroupCommand({ FeatureGroupName: "people", FeatureAdditions: [...FeatureAdditions] }),
    );
    await put({ id: "dan", time: "2024-02-01T12:00:00Z", Colour: "red" });
    await counted("4");
  });
  after(async () => {
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (values: Record<string, string>) =>
    a.featureStore.send(new PutRecordCommand({ FeatureGroupName: "people", Record: recordOf(values) }));
  const query = (sql: string) => queryRows(a, sql, `s3://${bucket}/results/`);
  const counted = (wanted: string) =>
    until(async () => (await query(`SELECT count(*) FROM ${table}`))[1]?.[0] === wanted);

  it("are tables to it, that it reads, travels in and appends to; and Feature Store goes on from there", async () => {
    const script = join(folder, "table.py");
    writeFileSync(script, SCRIPT);
    const given = [script, sandbox?.endpoint ?? "", region, table];
    const env = { ...process.env, SANDBOX_KEY: a.keys.accessKeyId, SANDBOX_SECRET: a.keys.secretAccessKey };
    const run = () => promisify(execFile)(python, given, { env, maxBuffer: 1 << 24 });
    const { stdout } = await run();
    const told = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    expect(told).to.deep.equal({
      schema: [
        [1, "id", "string", false],
        [2, "time", "string", false],
        [3, "age", "long", false],
        [4, "score", "double", false],
        [5, "write_time", "timestamp", false],
        [6, "api_invocation_time", "timestamp", false],
        [7, "is_deleted", "boolean", false],
        [8, "Colour", "string", false],
      ],
      spec: [["time_trunc", "truncate[10]"]],
      format: 2,
      snapshots: ["append", "append", "append"],
      records: "4",
      rows: [
        ["ann", "2024-01-01T23:59:59Z", "30", 0.5, null, false],
        ["ben", "2024-01-02T00:00:00Z", "9007199254740993", null, null, false],
        ["cat", "2024-02-01T00:00:00.123Z", "None", 1e-5, null, false],
        ["dan", "2024-02-01T12:00:00Z", "None", null, "red", false],
      ],
      "files of a day": 1,
      partitions: ["2024-01-01", "2024-01-02", "2024-02-01"],
      first: ["ann"],
      after: ["ann", "ben", "cat", "dan", "python"],
    });
    await put({ id: "eve", time: "2024-06-01T00:00:00Z" });
    await counted("6");
    const { stdout: again } = await run();
    const { first, after } = JSON.parse(again.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    expect({ first, after }).to.deep.equal({
      first: ["ann"],
      after: ["ann", "ben", "cat", "dan", "eve", "python", "python"],
    });
  });
});
