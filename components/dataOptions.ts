import type { CustomResourceOptions } from "@pulumi/pulumi";

/** Options of a resource that holds data: protected from deletion, and kept in AWS even if it leaves the program. */
export function dataOptions(protectData: boolean): CustomResourceOptions {
  return { protect: protectData, retainOnDelete: protectData };
}
