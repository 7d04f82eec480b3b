/** Removes duplicates among AWS Lake Formation permissions. */
import type { CatalogPermission } from "../model/reports";

export function distinct(needs: readonly CatalogPermission[]): CatalogPermission[] {
  const keyOf = ({ principal, database, table = "", permission }: CatalogPermission) =>
    [principal, database, table, permission].join(" ");
  return [...new Map(needs.map((need) => [keyOf(need), need])).values()];
}
