/** The shapes of the Data Catalog's operations. Source: AWS Glue API Reference, version 2017-03-31. */
import { boolean, integer, list, map, structure, text, timestamp } from "../../protocol/shape";

const name = text({ min: 1, max: 255 });
const catalog = { CatalogId: text({ min: 1, max: 255 }) };
const description = text({ max: 2048 });
const parameters = map(text({ max: 512000 }));
const columns = list(
  structure({
    "Name!": name,
    Type: text({ max: 131072 }),
    Comment: text({ max: 255 }),
    Parameters: parameters,
  }),
);
const storageDescriptor = structure({
  Columns: columns,
  Location: text({ max: 2056 }),
  InputFormat: text({ max: 128 }),
  OutputFormat: text({ max: 128 }),
  Compressed: boolean,
  NumberOfBuckets: integer(),
  SerdeInfo: structure({ Name: name, SerializationLibrary: name, Parameters: parameters }),
  Parameters: parameters,
  StoredAsSubDirectories: boolean,
});
const tags = map(text({ max: 256 }), 50);
const page = { NextToken: text(), MaxResults: integer(1, 100) };
const values = list(text({ min: 1, max: 1024 }));
const partitionInput = structure({
  Values: values,
  LastAccessTime: timestamp,
  StorageDescriptor: storageDescriptor,
  Parameters: parameters,
});
const tableInput = structure({
  "Name!": name,
  Description: description,
  Owner: name,
  Retention: integer(0),
  StorageDescriptor: storageDescriptor,
  PartitionKeys: columns,
  TableType: text({ max: 255 }),
  Parameters: parameters,
});
const inTable = { ...catalog, "DatabaseName!": name, "TableName!": name };
const resourceArn = text({ min: 1, max: 10240, pattern: /^arn:aws(-(cn|us-gov|iso(-[bef])?))?:glue:.*$/ });

export const shapes = {
  CreateDatabase: structure({
    ...catalog,
    "DatabaseInput!": structure({
      "Name!": name,
      Description: description,
      LocationUri: text({ min: 1, max: 1024 }),
      Parameters: parameters,
    }),
    Tags: tags,
  }),
  GetDatabase: structure({ ...catalog, "Name!": name }),
  GetDatabases: structure({ ...catalog, ...page }),
  DeleteDatabase: structure({ ...catalog, "Name!": name }),
  CreateTable: structure({ ...catalog, "DatabaseName!": name, "TableInput!": tableInput }),
  UpdateTable: structure({
    ...catalog,
    "DatabaseName!": name,
    "TableInput!": tableInput,
    SkipArchive: boolean,
    VersionId: name,
  }),
  GetTable: structure({ ...catalog, "DatabaseName!": name, "Name!": name }),
  DeleteTable: structure({ ...catalog, "DatabaseName!": name, "Name!": name }),
  GetTables: structure({ ...catalog, "DatabaseName!": name, Expression: text({ max: 2048 }), ...page }),
  GetPartitions: structure({
    ...inTable,
    Expression: text({ max: 2048 }),
    NextToken: text(),
    MaxResults: integer(1, 1000),
  }),
  GetPartition: structure({ ...inTable, "PartitionValues!": values }),
  CreatePartition: structure({ ...inTable, "PartitionInput!": partitionInput }),
  BatchCreatePartition: structure({ ...inTable, "PartitionInputList!": list(partitionInput, 0, 100) }),
  GetTags: structure({ "ResourceArn!": resourceArn }),
  TagResource: structure({ "ResourceArn!": resourceArn, "TagsToAdd!": tags }),
  UntagResource: structure({
    "ResourceArn!": resourceArn,
    "TagsToRemove!": list(text({ min: 1, max: 128 }), 0, 50),
  }),
};
