/** Amazon SageMaker Feature Store runtime: records of feature groups. Source: its API reference, version 2020-07-01. */
import type { WireRequest } from "../../core";
import { restJson } from "../../protocol/restJson";
import { defineService } from "../../protocol/service";
import { batchGetRecord } from "./batch";
import { batchWriteRecord } from "./batchWrite";
import { listRecords } from "./list";
import { resumeRows } from "./offline";
import { deleteRecord, getRecord, putRecord } from "./records";
import { updateRecord } from "./update";

/** An ARN's slash may come encoded or not. */
const group = "/FeatureGroup/{FeatureGroupName+}";

export const featureStoreRuntime = defineService({
  name: "featurestore",
  signedAs: "sagemaker",
  accepts: ({ path, headers }) =>
    headers["x-amz-target"] === undefined && /^\/(FeatureGroup\/|Batch(Get|Write)Record$)/.test(path),
  protocol: restJson,
  operations: {
    GetRecord: {
      on: `GET ${group}`,
      data: true,
      run: (world, call, input, { query }) =>
        getRecord(world, call, {
          ...input,
          RecordIdentifierValueAsString: query.get("RecordIdentifierValueAsString"),
          FeatureNames: many(query, "FeatureName"),
          ExpirationTimeResponse: query.get("ExpirationTimeResponse"),
        }),
    },
    PutRecord: { on: `PUT ${group}`, data: true, run: putRecord },
    DeleteRecord: {
      on: `DELETE ${group}`,
      data: true,
      run: (world, call, input, { query }) =>
        deleteRecord(world, call, {
          ...input,
          RecordIdentifierValueAsString: query.get("RecordIdentifierValueAsString"),
          EventTime: query.get("EventTime"),
          TargetStores: many(query, "TargetStores"),
          DeletionMode: query.get("DeletionMode"),
        }),
    },
    UpdateRecord: { on: `POST ${group}/Record`, data: true, run: updateRecord },
    ListRecords: { on: `POST ${group}/ListRecords`, data: true, run: listRecords },
    BatchGetRecord: { reads: true, data: true, run: batchGetRecord },
    BatchWriteRecord: { data: true, run: batchWriteRecord },
  },
  resume: resumeRows,
});

const many = (query: WireRequest["query"], name: string) =>
  query.has(name) ? query.getAll(name) : undefined;
