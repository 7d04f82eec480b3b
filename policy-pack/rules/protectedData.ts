/** Resources that hold data are protected from deletion. */
import type { Rule } from "./rule";

/** Types whose deletion loses data: online records, objects, and everything that a key encrypts. */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  "aws:sagemaker/featureGroup:FeatureGroup",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:kms/key:Key",
  "aws:kms/externalKey:ExternalKey",
]);

export const dataProtected: Rule = {
  name: "data-protected",
  configuredBy: ["protectData"],
  description: "Feature groups, buckets and keys are protected and retained, unless protectData is false.",
  advice:
    "Give the resource the options protect and retainOnDelete, and no forceDestroy; or set protectData: false if data may be deleted.",
  check({ type, inputs, protect, retainOnDelete }, { protectData }) {
    if (!protectData || !HOLDS_DATA.has(type)) return [];
    return [
      ...(protect ? [] : ["protect is not set: a run may delete or replace it"]),
      ...(retainOnDelete === false
        ? ["retainOnDelete is not set: removing it from the program deletes it"]
        : []),
      ...(inputs["forceDestroy"] === true
        ? ["forceDestroy is true: its objects are deleted with the bucket"]
        : []),
    ];
  },
};
