/** S3's operations that the sandbox lacks: CloudTrail, injected faults and the error use their names. */
import type { Operation } from "../../protocol/service";

const on: Readonly<Record<string, string>> = {
  CreateBucketMetadataConfiguration: "POST ?metadataConfiguration",
  CreateBucketMetadataTableConfiguration: "POST ?metadataTable",
  CreateSession: "GET ?session",
  DeleteBucketAnalyticsConfiguration: "DELETE ?analytics",
  DeleteBucketIntelligentTieringConfiguration: "DELETE ?intelligent-tiering",
  DeleteBucketInventoryConfiguration: "DELETE ?inventory",
  DeleteBucketMetadataConfiguration: "DELETE ?metadataConfiguration",
  DeleteBucketMetadataTableConfiguration: "DELETE ?metadataTable",
  DeleteBucketMetricsConfiguration: "DELETE ?metrics",
  DeleteObjectAnnotation: "DELETE /{Key+}?annotation",
  GetBucketMetadataConfiguration: "GET ?metadataConfiguration",
  GetBucketMetadataTableConfiguration: "GET ?metadataTable",
  GetObjectAnnotation: "GET /{Key+}?annotation&annotationName",
  GetObjectLegalHold: "GET /{Key+}?legal-hold",
  GetObjectRetention: "GET /{Key+}?retention",
  GetObjectTorrent: "GET /{Key+}?torrent",
  ListObjectAnnotations: "GET /{Key+}?annotation",
  PutBucketAnalyticsConfiguration: "PUT ?analytics",
  PutBucketIntelligentTieringConfiguration: "PUT ?intelligent-tiering",
  PutBucketInventoryConfiguration: "PUT ?inventory",
  PutBucketMetricsConfiguration: "PUT ?metrics",
  PutObjectAnnotation: "PUT /{Key+}?annotation",
  PutObjectLegalHold: "PUT /{Key+}?legal-hold",
  PutObjectRetention: "PUT /{Key+}?retention",
  RenameObject: "PUT /{Key+}?renameObject",
  RestoreObject: "POST /{Key+}?restore",
  SelectObjectContent: "POST /{Key+}?select&select-type=2",
  UpdateBucketMetadataAnnotationTableConfiguration: "PUT ?metadataAnnotationTable",
  UpdateBucketMetadataInventoryTableConfiguration: "PUT ?metadataInventoryTable",
  UpdateBucketMetadataJournalTableConfiguration: "PUT ?metadataJournalTable",
  UpdateObjectEncryption: "PUT /{Key+}?encryption",
};

/** Operations on objects are data events. */
export const absent: Readonly<Record<string, Operation<never>>> = Object.fromEntries(
  Object.entries(on).map(([name, requests]) => [name, { on: requests, data: requests.includes("/{Key+}") }]),
);
