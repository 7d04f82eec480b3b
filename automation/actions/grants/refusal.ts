/** Reasons not to revoke a grant, with what would break. Pure. */
import { ExitCode, UserError } from "../../model/errors";
import type { JudgedGrant } from "./grants";

/** Undefined if the grant may be revoked. */
export function refusalToRevoke(grant: JudgedGrant, breakStore: boolean): UserError | undefined {
  const { id, state, group, grantee } = grant;
  if (state === "orphan") return undefined;
  if (state === "foreign")
    return new UserError(
      ExitCode.grantInUse,
      `grant ${id} is not Feature Store's: it is for ${grantee}`,
      "This command revokes Feature Store's grants only. Ask the grant's owner what needs it before you run aws kms revoke-grant.",
    );
  if (breakStore) return undefined;
  if (state === "unknown")
    return new UserError(
      ExitCode.grantInUse,
      `grant ${id} is Feature Store's, for a feature group that it does not name: it may be in use`,
      `Nothing was changed. To revoke it anyway: --revoke ${id} --break-store`,
    );
  return new UserError(
    ExitCode.grantInUse,
    [
      `grant ${id} is in use by the online store of feature group ${group}. Without it`,
      ...breaks(group ?? ""),
    ].join("\n"),
    `Nothing was changed. To revoke it anyway and break the online store: --revoke ${id} --break-store. docs/operations.md says how to restore it.`,
  );
}

/**
 * What fails without a feature group's grant. Source: "Security and access control" of Feature Store,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html
 */
export function breaks(group: string): string[] {
  return [
    `  - GetRecord, BatchGetRecord, PutRecord and DeleteRecord of ${group} fail for everybody`,
    "  - Feature Store can no longer protect and maintain its online store",
    "  - the data in its online store cannot be read: no operation of Feature Store recreates the grant",
    "  The data in its offline store stays readable.",
  ];
}
