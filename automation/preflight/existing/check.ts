/**
 * Checks the existing roles and buckets in AWS before anything is created. Reads only. During a run, a missing one would fail
 * all running programs, and AWS says "Invalid principal" without saying which.
 */
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import { GetBucketOwnershipControlsCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Settings } from "../../../components/settings";
import { awsWords, type AccountClientConfig } from "../../environment/accountSessions";
import { ExitCode, UserError } from "../../model/errors";
import type { ExistingBucket } from "../../topologies/topology";
import { namedBuckets, namedRoles, type NamedRole } from "./named";

type Accounts = (name: string) => AccountClientConfig;

/**
 * @param consumers names of the consumers whose stages are part of the run
 * @param account client settings of an account's deployer
 * @throws UserError (existing) with each one that is missing or cannot be used, and the setting that names it
 */
export async function checkExisting(
  settings: Settings,
  consumers: ReadonlySet<string>,
  account: Accounts,
): Promise<void> {
  const findings = await Promise.all([
    ...namedRoles(settings, consumers).map((role) => roleFinding(role, account)),
    ...namedBuckets(settings, consumers).map((bucket) => bucketFinding(bucket, account)),
  ]);
  const found = findings.filter((finding) => finding !== undefined);
  if (found.length === 0) return;
  throw new UserError(
    ExitCode.existing,
    [
      "nothing was done: roles or buckets that the settings name are missing or cannot be used",
      ...found.map((line) => `  ${line}`),
    ].join("\n"),
    "Create or change them, or name others in the settings.",
  );
}

async function roleFinding(
  { setting, arn, account: name, isUsed }: NamedRole,
  account: Accounts,
): Promise<string | undefined> {
  const client = new IAMClient(account(name));
  const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    if (Role?.Arn === arn) return undefined;
    return `${setting}: there is no role ${arn}; account ${name} has ${Role?.Arn}`;
  } catch (error) {
    if (error instanceof NoSuchEntityException)
      return `${setting}: there is no role ${arn}: AWS refuses policies that name a missing role`;
    if (!isOfAws(error)) throw error;
    // A role that is only named in policies need not be readable.
    return isUsed
      ? `${setting}: the deployer of account ${name} cannot read ${arn}, which needs iam:GetRole: ${awsWords(error)}`
      : undefined;
  } finally {
    client.destroy();
  }
}

async function bucketFinding(
  { setting, name: Bucket, account: name, region }: ExistingBucket,
  account: Accounts,
): Promise<string | undefined> {
  const client = new S3Client({ ...account(name), followRegionRedirects: true });
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket }));
    if (BucketRegion !== undefined && BucketRegion !== region)
      return `${setting}: bucket ${Bucket} is in ${BucketRegion}, but Athena writes results only in its own region, ${region}`;
    const ownership = await objectOwnership(client, Bucket);
    if (ownership === undefined || ownership === "BucketOwnerEnforced") return undefined;
    return `${setting}: bucket ${Bucket} has the object ownership ${ownership}, so that account B would own the results: it has to be BucketOwnerEnforced`;
  } catch (error) {
    if (!isOfAws(error)) throw error;
    const status = (error as { $metadata: { httpStatusCode?: number } }).$metadata.httpStatusCode;
    if (status === 404) return `${setting}: there is no bucket ${Bucket}`;
    return `${setting}: the deployer of account ${name} cannot read bucket ${Bucket}, which needs s3:ListBucket${status === 403 ? ", or it belongs to another account" : `: ${awsWords(error)}`}`;
  } finally {
    client.destroy();
  }
}

/** Undefined if the deployer may not read it. Without controls, as before 2023, writers own the objects that they write. */
async function objectOwnership(client: S3Client, Bucket: string): Promise<string | undefined> {
  try {
    const { OwnershipControls } = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    return OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  } catch (error) {
    if (!isOfAws(error)) throw error;
    return (error as Error).name === "OwnershipControlsNotFoundError" ? "ObjectWriter" : undefined;
  }
}

/** True for an answer of the service; false for missing credentials or connection. */
function isOfAws(error: unknown): boolean {
  return error instanceof Error && "$metadata" in error;
}
