/**
 * Asks AWS for the roles and buckets that the settings name, before anything is made. Reads only. In the middle of a run a
 * missing one ends all programs that run at the time, and AWS says "Invalid principal" without saying which.
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
 * @param consumers names of those whose stages are part of the run
 * @param account client settings of an account's deployer
 * @throws UserError (existing) with each that is missing or does not suit, and the setting that names it
 */
export async function checkExisting(
  settings: Settings,
  consumers: ReadonlySet<string>,
  account: Accounts,
): Promise<void> {
  const problems = await Promise.all([
    ...namedRoles(settings, consumers).map((role) => roleProblem(role, account)),
    ...namedBuckets(settings, consumers).map((bucket) => bucketProblem(bucket, account)),
  ]);
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return;
  throw new UserError(
    ExitCode.existing,
    [
      "nothing was done: roles or buckets that the settings name are missing or do not suit",
      ...found.map((line) => `  ${line}`),
    ].join("\n"),
    "Create or change them, or name others.",
  );
}

async function roleProblem(
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
    // A role that only policies name need not be readable.
    return isUsed
      ? `${setting}: the deployer of account ${name} cannot look at ${arn}, which takes iam:GetRole: ${awsWords(error)}`
      : undefined;
  } finally {
    client.destroy();
  }
}

async function bucketProblem(
  { setting, name: Bucket, account: name, region }: ExistingBucket,
  account: Accounts,
): Promise<string | undefined> {
  const client = new S3Client({ ...account(name), followRegionRedirects: true });
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket }));
    if (BucketRegion !== undefined && BucketRegion !== region)
      return `${setting}: bucket ${Bucket} is in ${BucketRegion}, and Athena writes results only in its own region, ${region}`;
    const ownership = await objectOwnership(client, Bucket);
    if (ownership === undefined || ownership === "BucketOwnerEnforced") return undefined;
    return `${setting}: bucket ${Bucket} has the object ownership ${ownership}, and account B would own the results: it has to be BucketOwnerEnforced`;
  } catch (error) {
    if (!isOfAws(error)) throw error;
    const status = (error as { $metadata: { httpStatusCode?: number } }).$metadata.httpStatusCode;
    if (status === 404) return `${setting}: there is no bucket ${Bucket}`;
    return `${setting}: the deployer of account ${name} cannot look at bucket ${Bucket}, which takes s3:ListBucket${status === 403 ? ", or it is another account's" : `: ${awsWords(error)}`}`;
  } finally {
    client.destroy();
  }
}

/** Undefined where the deployer may not ask. A bucket without any is as buckets were before 2023: writers own what they write. */
async function objectOwnership(client: S3Client, Bucket: string): Promise<string | undefined> {
  try {
    const { OwnershipControls } = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    return OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  } catch (error) {
    if (!isOfAws(error)) throw error;
    return (error as Error).name === "OwnershipControlsNotFoundError" ? "ObjectWriter" : undefined;
  }
}

/** An answer of the service, not a lack of credentials or connection. */
function isOfAws(error: unknown): boolean {
  return error instanceof Error && "$metadata" in error;
}
