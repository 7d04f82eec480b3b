/** The location of an offline store: its bucket, prefix, resolved URI and Glue table. Pure. Source: "Feature Store offline store data format". */

/** Bucket and prefix of an S3 URI, the prefix without slashes at its ends; undefined for other text. */
export function parseS3Uri(uri: string): { bucket: string; prefix: string } | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(uri);
  if (!match) return undefined;
  return { bucket: match[1] ?? "", prefix: (match[2] ?? "").replace(/^\/+|\/+$/g, "") };
}

/** Unix seconds of the creation, as in URIs and table names. */
export const epochOf = (created: string) => Math.floor(Date.parse(created) / 1000);

interface Place {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
}

/** `s3://BUCKET/PREFIX/ACCOUNT/sagemaker/REGION/offline-store/NAME-EPOCH/data`. */
export function resolvedUri(s3Uri: { bucket: string; prefix: string }, group: Place): string {
  const parts = [
    `s3://${s3Uri.bucket}`,
    ...(s3Uri.prefix === "" ? [] : [s3Uri.prefix]),
    group.account,
    "sagemaker",
    group.region,
    "offline-store",
    `${group.name}-${epochOf(group.created)}`,
    "data",
  ];
  return parts.join("/");
}

/** `NAME_EPOCH`: Glue's names are lower case, and SQL would read a hyphen as a minus. */
export function tableName(group: Pick<Place, "name" | "created">): string {
  return `${group.name.toLowerCase().replaceAll("-", "_")}_${epochOf(group.created)}`;
}

export const defaultCatalog = "AwsDataCatalog";
export const defaultDatabase = "sagemaker_featurestore";
