/** BatchGetRecord: records of several groups, each with its own answer or error. Source: Feature Store runtime API reference. */
import { AwsError, type Call, type World } from "../../core";
import { requireOnline, usableGroup } from "./group";
import { checkNames, findRecord } from "./records";
import { onlineKey } from "./sealing";

interface Identifier {
  readonly FeatureGroupName: string;
  readonly RecordIdentifiersValueAsString: string[];
  readonly FeatureNames?: string[] | null;
}

interface BatchRequest {
  readonly Identifiers: Identifier[];
  readonly ExpirationTimeResponse?: string | null;
}

export function batchGetRecord(world: World, call: Call, request: BatchRequest) {
  const records: unknown[] = [];
  const refusals: { identifier: Identifier; error: AwsError }[] = [];
  for (const identifier of request.Identifiers) {
    try {
      records.push(...readGroup(world, call, identifier, request.ExpirationTimeResponse === "Enabled"));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refusals.push({ identifier, error });
    }
  }
  // A caller that may read none of the groups gets a denial.
  const denied = refusals.filter(({ error }) => error.code === "AccessDeniedException");
  if (denied[0] && denied.length === request.Identifiers.length) throw denied[0].error;
  return {
    Records: records,
    Errors: refusals.flatMap(({ identifier, error }) =>
      identifier.RecordIdentifiersValueAsString.map((RecordIdentifierValueAsString) => ({
        FeatureGroupName: identifier.FeatureGroupName,
        RecordIdentifierValueAsString,
        ErrorCode: error.code,
        ErrorMessage: error.message,
      })),
    ),
    UnprocessedIdentifiers: [],
  };
}

function readGroup(world: World, call: Call, identifier: Identifier, withExpiry: boolean): unknown[] {
  const { FeatureGroupName, FeatureNames: names } = identifier;
  const group = usableGroup(world, call, "BatchGetRecord", FeatureGroupName);
  requireOnline(group);
  checkNames(group, names);
  const key = onlineKey(world, call, group);
  return identifier.RecordIdentifiersValueAsString.flatMap((RecordIdentifierValueAsString) => {
    const found = findRecord(world, key, group, RecordIdentifierValueAsString, { names, withExpiry });
    return found ? [{ FeatureGroupName, RecordIdentifierValueAsString, ...found }] : [];
  });
}
