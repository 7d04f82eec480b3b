/** Settings of workgroups. Settings that the sandbox would have to act on and cannot are refused. */
import { invalid, type WorkGroupConfiguration } from "./state";

const LATEST = "Athena engine version 3";

/** Settings that change access to results, or their storage: ignoring them would mislead. */
const NOT_IMPLEMENTED: Readonly<Record<string, (value: unknown) => boolean>> = {
  ManagedQueryResultsConfiguration: isEnabled,
  IdentityCenterConfiguration: (value) => hasTrue(value, "EnableIdentityCenter"),
  QueryResultsS3AccessGrantsConfiguration: (value) => hasTrue(value, "EnableS3AccessGrants"),
  EnableMinimumEncryptionConfiguration: (value) => value === true,
  CustomerContentEncryptionConfiguration: isSet,
  ExecutionRole: isSet,
  MonitoringConfiguration: isSet,
  EngineConfiguration: isSet,
};

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function hasTrue(value: unknown, member: string): boolean {
  return isSet(value) && (value as Record<string, unknown>)[member] === true;
}

function isEnabled(value: unknown): boolean {
  return hasTrue(value, "Enabled");
}

/** @throws AwsError `InvalidRequestException` for a setting that the sandbox does not implement */
export function checkSettings(settings: Readonly<Record<string, unknown>> = {}): void {
  for (const [name, isUsed] of Object.entries(NOT_IMPLEMENTED))
    if (isUsed(settings[name])) throw invalid(`The sandbox does not implement ${name} of workgroups.`);
}

/** The engine's version as a workgroup shows it. @throws AwsError `InvalidRequestException` for an unknown one */
export function engineVersion(
  asked: { readonly SelectedEngineVersion?: string } | undefined,
): WorkGroupConfiguration["EngineVersion"] {
  const { SelectedEngineVersion = "AUTO" } = asked ?? {};
  if (SelectedEngineVersion !== "AUTO" && SelectedEngineVersion !== LATEST)
    throw invalid(
      `Invalid engine version: ${SelectedEngineVersion}. The sandbox knows AUTO and ${LATEST}; it has no Spark.`,
    );
  return { SelectedEngineVersion, EffectiveEngineVersion: LATEST };
}
