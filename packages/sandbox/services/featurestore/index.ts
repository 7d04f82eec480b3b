/**
 * Amazon SageMaker Feature Store runtime: records of feature groups. Source: "Amazon SageMaker Feature Store Runtime", version
 * 2020-07-01, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Feature_Store_Runtime.html
 */
import type { FeatureStorePort } from "../../core";
import { restJson } from "../../protocol/restJson";
import { defineService } from "../../protocol/service";
import { batchGetRecord } from "./batch";
import { batchWriteRecord } from "./batchWrite";
import { changeOf } from "./icebergFiles";
import { changeIcebergTable, createIcebergTable } from "./icebergTable";
import { listRecords } from "./list";
import { shapes } from "./model";
import { endRows, resumeRows } from "./offline";
import { discardRecords, onlineSize } from "./online";
import { deleteRecord, getRecord, putRecord } from "./records";
import { updateRecord } from "./update";

/** An ARN's slash may be encoded or not. */
const group = "/FeatureGroup/{FeatureGroupName+}";

export const featureStoreRuntime = defineService({
  name: "featurestore",
  signedAs: "sagemaker",
  accepts: ({ path, headers }) =>
    headers["x-amz-target"] === undefined && /^\/(FeatureGroup\/|Batch(Get|Write)Record$)/.test(path),
  protocol: restJson({ FeatureName: "FeatureNames", TargetStores: "TargetStores" }),
  invalid: "ValidationError",
  operations: {
    GetRecord: { on: `GET ${group}`, data: true, shape: shapes.GetRecord, run: getRecord },
    PutRecord: { on: `PUT ${group}`, data: true, shape: shapes.PutRecord, run: putRecord },
    DeleteRecord: { on: `DELETE ${group}`, data: true, shape: shapes.DeleteRecord, run: deleteRecord },
    UpdateRecord: { on: `POST ${group}/Record`, data: true, shape: shapes.UpdateRecord, run: updateRecord },
    ListRecords: { on: `POST ${group}/ListRecords`, data: true, shape: shapes.ListRecords, run: listRecords },
    BatchGetRecord: { reads: true, data: true, shape: shapes.BatchGetRecord, run: batchGetRecord },
    BatchWriteRecord: { data: true, shape: shapes.BatchWriteRecord, run: batchWriteRecord },
  },
  port: (world): FeatureStorePort => ({
    onlineSize: (group) => onlineSize(world, group),
    createTable: (group, role, catalog) => createIcebergTable(world, changeOf(group, role, catalog)),
    updateTable: (group, role, catalog) => changeIcebergTable(world, changeOf(group, role, catalog), []),
    async end(group) {
      await endRows(world, group);
      discardRecords(world, group);
    },
  }),
  resume: resumeRows,
});
