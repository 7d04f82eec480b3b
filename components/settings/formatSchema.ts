/** The form of what a feature group says of its stores: storage, throughput, table. Rules between them are in `formatRules.ts`. */
import { z } from "zod";

/** Members of a feature that make a collection of it. */
export const collectionForm = {
  collection: z.enum(["List", "Set", "Vector"], "a collection is a List, a Set or a Vector").optional(),
  dimension: z.int().min(1, "1 to 8,192").max(8192, "1 to 8,192").optional(),
};

const units = z.int().min(1, "at least 1").max(10_000_000, "at most 10,000,000").optional();
const catalogName = z
  .string()
  .regex(/^[a-z0-9_]{1,255}$/, "1 to 255 lower-case letters, digits and _: Athena takes no others");

/** Members of a feature group. */
export const formatForm = {
  offlineStore: z.boolean().optional(),
  storageType: z.enum(["Standard", "InMemory"], "an online store is Standard or InMemory").optional(),
  throughput: z
    .strictObject({
      mode: z.enum(["OnDemand", "Provisioned"], "a mode is OnDemand or Provisioned"),
      readCapacityUnits: units,
      writeCapacityUnits: units,
    })
    .optional(),
  tableFormat: z.enum(["Glue", "Iceberg"], "a table is Glue or Iceberg").optional(),
  disableGlueTableCreation: z.boolean().optional(),
  dataCatalog: z
    .strictObject({
      catalog: z.literal("AwsDataCatalog", "is AwsDataCatalog: Feature Store takes no other").optional(),
      database: catalogName,
      table: catalogName,
    })
    .optional(),
};
