/** Amazon S3, by paths: `/bucket/key`. Source: Amazon S3 API Reference, version 2006-03-01. */
import { s3 as protocol } from "../../protocol/s3";
import { defineService } from "../../protocol/service";
import { absent } from "./absent";
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from "./acl";
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from "./buckets";
import { configOperations } from "./configs";
import { copyObject } from "./copying";
import { deleteObject, deleteObjects } from "./deleting";
import { keptConfigs } from "./keptConfigs";
import { listObjectsV1, listObjectsV2, listObjectVersions } from "./listing";
import { deleteObjectTagging, getAttributes, getObjectTagging, putObjectTagging } from "./more";
import { abortUpload, completeUpload, createUpload } from "./multipart";
import { getObject, headObject, putObject } from "./objects";
import { ofBucket, ofObject, type Place } from "./operation";
import { copyPart, uploadPart } from "./parts";
import { deletePolicy, getPolicy, getPolicyStatus, putPolicy } from "./policy";
import { s3Port } from "./port";
import { listParts, listUploads } from "./uploadLists";

export const s3 = defineService({
  name: "s3",
  protocol,
  operations: {
    ...absent,
    ListBuckets: { on: "GET /", run: (world, call, _, request) => listBuckets(world, call, request) },
    CreateBucket: {
      on: "PUT",
      run: (world, call, place, request) => createBucket(world, call, (place as Place).bucket, request),
    },
    ...ofBucket({
      ...configOperations,
      ...keptConfigs,
      DeleteBucket: { on: "DELETE", run: deleteBucket },
      HeadBucket: { on: "HEAD", data: true, run: headBucket },
      GetBucketLocation: { on: "GET ?location", run: getBucketLocation },
      GetBucketPolicy: { on: "GET ?policy", run: getPolicy },
      PutBucketPolicy: { on: "PUT ?policy", run: putPolicy },
      DeleteBucketPolicy: { on: "DELETE ?policy", run: deletePolicy },
      GetBucketPolicyStatus: { on: "GET ?policyStatus", run: getPolicyStatus },
      GetBucketAcl: { on: "GET ?acl", run: getBucketAcl },
      PutBucketAcl: { on: "PUT ?acl", run: putBucketAcl },
      ListObjects: { on: "GET", data: true, run: listObjectsV1 },
      ListObjectsV2: { on: "GET ?list-type=2", data: true, run: listObjectsV2 },
      ListObjectVersions: { on: "GET ?versions", data: true, run: listObjectVersions },
      ListMultipartUploads: { on: "GET ?uploads", data: true, run: listUploads },
      DeleteObjects: { on: "POST ?delete", data: true, run: deleteObjects },
    }),
    ...ofObject({
      GetObject: { on: "GET /{Key+}", run: getObject },
      HeadObject: { on: "HEAD /{Key+}", run: headObject },
      PutObject: { on: "PUT /{Key+}", run: putObject },
      DeleteObject: { on: "DELETE /{Key+}", run: deleteObject },
      GetObjectAttributes: { on: "GET /{Key+}?attributes", run: getAttributes },
      GetObjectTagging: { on: "GET /{Key+}?tagging", run: getObjectTagging },
      PutObjectTagging: { on: "PUT /{Key+}?tagging", run: putObjectTagging },
      DeleteObjectTagging: { on: "DELETE /{Key+}?tagging", run: deleteObjectTagging },
      GetObjectAcl: { on: "GET /{Key+}?acl", run: getObjectAcl },
      PutObjectAcl: { on: "PUT /{Key+}?acl", run: putObjectAcl },
      CopyObject: { on: "PUT /{Key+} with x-amz-copy-source", run: copyObject },
      CreateMultipartUpload: { on: "POST /{Key+}?uploads", run: createUpload },
      UploadPart: { on: "PUT /{Key+}?uploadId", run: uploadPart },
      UploadPartCopy: { on: "PUT /{Key+}?uploadId with x-amz-copy-source", run: copyPart },
      CompleteMultipartUpload: { on: "POST /{Key+}?uploadId", run: completeUpload },
      AbortMultipartUpload: { on: "DELETE /{Key+}?uploadId", run: abortUpload },
      ListParts: { on: "GET /{Key+}?uploadId", run: listParts },
    }),
  },
  port: s3Port,
});
