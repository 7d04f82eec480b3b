/**
 * Asks AWS whether the roles and buckets that the settings name are there, before anything is made. Reads only. In the middle
 * of a run their lack ends all programs that run at the time, and AWS says "Invalid principal" without saying which.
 */
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import { GetBucketOwnershipControlsCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Settings } from "../../../components/settings";
import { awsWords, type AccountClientConfig } from "../../environment/accountSessions";
import { ExitCode, UserError } from "../../model/errors";
import { namedBuckets, namedRoles, type NamedBucket, type NamedRole } from "./named";

type Accounts = (name: string) => AccountClientConfig;

/**
 * @param consumers names of those whose stages are part of the run
 * @param account client settings of an account's deployer
 * @throws UserError (brought) with everything that is not there or will not do, and where the settings name it
 */
export async function checkBrought(
  settings: Settings,
  consumers: ReadonlySet<string>,
  account: Accounts,
): Promise<void> {
  const faults = await Promise.all([
    ...namedRoles(settings, consumers).map((role) => roleFault(role, account)),
    ...namedBuckets(settings, consumers).map((bucket) => bucketFault(bucket, account)),
  ]);
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length === 0) return;
  throw new UserError(
    ExitCode.existing,
    ["nothing was done: what the settings name will not do", ...found.map((line) => `  ${line}`)].join("\n"),
    "Make it or mend it, or name another.",
  );
}

async function roleFault(
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
      return `${setting}: there is no role ${arn}: policies that name one that is not there are refused`;
    if (!isOfAws(error)) throw error;
    // Whoever only names a role need not be able to look at it.
    return isUsed
      ? `${setting}: the deployer of account ${name} cannot look at ${arn}, which takes iam:GetRole: ${awsWords(error)}`
      : undefined;
  } finally {
    client.destroy();
  }
}

async function bucketFault(
  { setting, name: Bucket, account: name, region }: NamedBucket,
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
