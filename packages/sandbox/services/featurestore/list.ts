/** ListRecords: lists the records of the online store. Source: Feature Store runtime API reference, "ListRecords". */
import type { Call, World } from "../../core";
import { requireOnline, usableGroup } from "./group";
import { recordsAfter } from "./online";
import { onlineKey } from "./sealing";
import { invalid } from "./values";

interface ListRequest {
  readonly FeatureGroupName: string;
  readonly MaxResults?: number | null;
  readonly NextToken?: string | null;
  readonly IncludeSoftDeletedRecords?: boolean | null;
}

export function listRecords(world: World, call: Call, request: ListRequest) {
  const group = usableGroup(world, call, "ListRecords", request.FeatureGroupName);
  requireOnline(group);
  const after = request.NextToken ? placeOfToken(request.NextToken) : "";
  const key = onlineKey(world, call, group);
  const limit = request.MaxResults ?? 100;
  const found: string[] = [];
  let last = "";
  for (const { place, record } of recordsAfter(world, key, group, after)) {
    const identifier = record.values?.[group.recordIdentifier] ?? record.identifier;
    const isWanted = record.values !== undefined || request.IncludeSoftDeletedRecords === true;
    if (!isWanted || typeof identifier !== "string") continue;
    if (found.length === limit)
      return { RecordIdentifiers: found, NextToken: Buffer.from(last).toString("base64url") };
    found.push(identifier);
    last = place;
  }
  return { RecordIdentifiers: found };
}

function placeOfToken(token: string): string {
  const place = Buffer.from(token, "base64url").toString();
  if (!/^[\w-]{43}$/.test(place)) throw invalid("Invalid NextToken.");
  return place;
}
