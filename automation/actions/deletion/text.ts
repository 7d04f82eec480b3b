/** The data that a destruction deletes, as lines. */
import { contentsText, count } from "./contents";
import type { Doomed } from "../../model/data";

/** @param doomed in any order; each entry's lines name its stage and account */
export function doomedLines(doomed: readonly Doomed[]): string[] {
  return doomed.flatMap((each) => {
    const where = `${each.stage}, account ${each.account}`;
    const lines = linesOf(each);
    const unknown = each.unknown === undefined ? [] : [`details unknown: ${each.unknown}`];
    return [`${lines[0] ?? ""} (${where})`, ...[...lines.slice(1), ...unknown].map((line) => `  ${line}`)];
  });
}

function linesOf(each: Doomed): string[] {
  switch (each.kind) {
    case "featureGroup": {
      const { name, onlineBytes, offline, table } = each;
      const stays = "stays; `npm run leftovers` finds it afterwards";
      return [
        `feature group ${name}`,
        ...(onlineBytes === undefined
          ? []
          : [`online records: ${onlineBytes.toLocaleString("en")} bytes (AWS does not count them)`]),
        ...(offline
          ? [
              `offline records: ${offline.location}: ${
                offline.goes
                  ? offline.contents
                    ? contentsText(offline.contents)
                    : "deleted with its bucket"
                  : stays
              }`,
            ]
          : []),
        ...(table ? [`Glue table ${table.database}.${table.name}: ${stays}`] : []),
      ];
    }
    case "bucket":
      return [
        `bucket ${each.name}`,
        ...(each.contents ? [`${contentsText(each.contents)}, all deleted`] : []),
      ];
    case "key": {
      const { id, aliases, waitingDays, state } = each;
      const named = aliases.length > 0 ? ` (${aliases.join(", ")})` : "";
      return [
        `key ${id}${named}`,
        state === "PendingDeletion"
          ? "is already waiting for its deletion"
          : `deleted by AWS after ${count(waitingDays, "day")}; until then \`aws kms cancel-key-deletion --key-id ${id}\` cancels that, but data encrypted under it cannot be read meanwhile`,
      ];
    }
  }
}
