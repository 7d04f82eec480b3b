/**
 * What Feature Store's role needs for Iceberg tables besides writing: it reads the table's metadata, and points the Data
 * Catalog to the newest. Source: AmazonSageMakerFeatureStoreAccess; S3 needs kms:Decrypt for encrypted objects.
 */
import { allow, viaService, type Statement } from "./document";
import { tableArns } from "./offlineObjects";

/** A group's table before it exists: each `?` stands for a digit of the creation time in its name. */
export interface IcebergTable {
  readonly database: string;
  /** A name, or its pattern. */
  readonly table: string;
}

export interface IcebergFacts {
  /** `arn:PARTITION:glue:REGION:ACCOUNT`, of the feature groups' account. */
  readonly glueArn: string;
  readonly tables: readonly IcebergTable[];
}

interface IcebergGroup {
  readonly name: string;
  readonly tableFormat?: "Glue" | "Iceberg";
  readonly dataCatalog?: { readonly database: string; readonly table: string };
}

/** The groups' Iceberg tables. */
export function icebergTables(groups: readonly IcebergGroup[]): readonly IcebergTable[] {
  return groups.flatMap(({ name, tableFormat, dataCatalog }) => {
    if (tableFormat !== "Iceberg") return [];
    // `NAME_EPOCH`, with ten digits.
    const made = `${name.toLowerCase().replaceAll("-", "_")}_${"?".repeat(10)}`;
    return [dataCatalog ?? { database: "sagemaker_featurestore", table: made }];
  });
}

/** ARN pattern of the metadata of Iceberg tables under the prefix. */
export function metadataUnder(bucketArn: string, prefix: string): string {
  return `${bucketArn}/${prefix === "" ? "" : `${prefix}/`}*/metadata/*`;
}

/** The role's own statements; none without an Iceberg table. */
export function icebergStatements(
  { glueArn, tables }: IcebergFacts,
  metadata: string,
  bucketAccount: string,
): Statement[] {
  if (tables.length === 0) return [];
  return [
    allow("ReadTableMetadata", "s3:GetObject", metadata, {
      StringEquals: { "aws:ResourceAccount": bucketAccount },
    }),
    allow(
      "UpdateTables",
      ["glue:GetTable", "glue:UpdateTable"],
      tableArns(
        glueArn,
        tables.map(({ database, table }) => ({ database, name: table })),
      ),
    ),
  ];
}

/** The metadata is encrypted under the offline store's key, and read through Amazon S3. */
export function decryptMetadata(keyArn: string): Statement {
  const [, , , region = ""] = keyArn.split(":");
  return allow("DecryptTableMetadata", "kms:Decrypt", keyArn, viaService(`s3.${region}.amazonaws.com`));
}
