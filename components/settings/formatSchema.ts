/** The form of a feature group's stores: storage, throughput, table. Rules between them are in `formatRules.ts`. */
import { z } from "zod";

/** The members that make a feature a collection. */
export const collectionForm = {
  /** Many values of the type in one record; in InMemory online stores only. */
  collection: z.enum(["List", "Set", "Vector"], "a collection is a List, a Set or a Vector").optional(),
  /** The number of numbers in a vector. */
  dimension: z.int().min(1, "1 to 8,192").max(8192, "1 to 8,192").optional(),
};

const units = z.int().min(1, "at least 1").max(10_000_000, "at most 10,000,000").optional();
const catalogName = z
  .string()
  .regex(/^[a-z0-9_]{1,255}$/, "1 to 255 lower-case letters, digits and _: Athena allows no others");

/** Members of a feature group. */
export const formatForm = {
  /** False: the group has an online store only. */
  offlineStore: z.boolean().optional(),
  /** The online store's type; left out: Standard. */
  storageType: z.enum(["Standard", "InMemory"], "an online store is Standard or InMemory").optional(),
  /** Left out: OnDemand. Units are per second. */
  throughput: z
    .strictObject({
      mode: z.enum(["OnDemand", "Provisioned"], "a mode is OnDemand or Provisioned"),
      readCapacityUnits: units,
      writeCapacityUnits: units,
    })
    .optional(),
  /** The offline store's table format; left out: Glue. */
  tableFormat: z.enum(["Glue", "Iceberg"], "a table is Glue or Iceberg").optional(),
  /** True: Feature Store makes no table; `dataCatalog` may name one that its owner makes. */
  disableGlueTableCreation: z.boolean().optional(),
  /** The offline store's table; left out: Feature Store names it `NAME_EPOCH`, in the database sagemaker_featurestore. */
  dataCatalog: z
    .strictObject({
      catalog: z.literal("AwsDataCatalog", "is AwsDataCatalog: Feature Store has no other").optional(),
      database: catalogName,
      table: catalogName,
    })
    .optional(),
};
