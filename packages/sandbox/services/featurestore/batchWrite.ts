/** BatchWriteRecord: each entry with its own answer or error. Source: Feature Store runtime API reference, "BatchWriteRecord". */
import { AwsError, type Call, type World } from "../../core";
import type { TtlDuration } from "../../core/featureGroups";
import { usableGroup } from "./group";
import { write, type PutRequest } from "./records";

interface BatchRequest {
  readonly Entries: readonly PutRequest[];
  readonly TtlDuration?: TtlDuration | null;
}

export function batchWriteRecord(world: World, call: Call, request: BatchRequest) {
  const refusals: { entry: PutRequest; error: AwsError }[] = [];
  for (const entry of request.Entries) {
    try {
      const group = usableGroup(world, call, "BatchWriteRecord", entry.FeatureGroupName);
      write(world, call, group, { ...entry, TtlDuration: entry.TtlDuration ?? request.TtlDuration });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refusals.push({ entry, error });
    }
  }
  // A caller that may write to none of the groups gets a denial.
  const denied = refusals.filter(({ error }) => error.code === "AccessDeniedException");
  if (denied[0] && denied.length === request.Entries.length) throw denied[0].error;
  return {
    Errors: refusals.map(({ entry, error }) => ({
      Entry: entry,
      ErrorCode: error.code,
      ErrorMessage: error.message,
    })),
    UnprocessedEntries: [],
  };
}
