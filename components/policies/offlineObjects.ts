/** The objects and tables of feature groups' offline stores, as policies name them. */

interface StoredGroup {
  /** `s3://bucket/.../data`; absent: it has no offline store. */
  readonly s3Uri?: string;
  /** True: the table is an Iceberg table, whose metadata is stored beside the data. */
  readonly iceberg?: boolean;
}

/** Key prefixes of the groups' objects. */
export function objectKeys(groups: readonly StoredGroup[]): string[] {
  return groups.flatMap(({ s3Uri = "", iceberg }) => {
    const key = s3Uri.replace(/^s3:\/\/[^/]+\//, "");
    return iceberg ? [key, key.replace(/data$/, "metadata")] : [key];
  });
}

/**
 * The tables, with the catalog and the databases: whoever reads a table needs permission on those as well.
 * @param glueArn `arn:PARTITION:glue:REGION:ACCOUNT`
 */
export function tableArns(
  glueArn: string,
  tables: readonly { readonly database: string; readonly name: string }[],
): string[] {
  return [
    `${glueArn}:catalog`,
    ...new Set(tables.map(({ database }) => `${glueArn}:database/${database}`)),
    ...tables.map(({ database, name }) => `${glueArn}:table/${database}/${name}`),
  ];
}
