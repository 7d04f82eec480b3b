/** Steps of several actions or resources, and the context that requests of the stores send. */
import type { RequestContext } from "@feature-store-access/iam";
import type { GroupFacts, Step, StoreFacts, TableFacts } from "./types";

export const SAGEMAKER = "sagemaker.amazonaws.com";
export const OBJECT_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];

/** @returns one step for each action, of one principal on the same resources */
export function each(
  principal: string,
  actions: readonly string[],
  scope: string,
  more: Partial<Step> = {},
): Step[] {
  return actions.map((action) => ({ principal, action, scope, ...more }));
}

export const viaS3 = (region: string) => ({ "kms:ViaService": `s3.${region}.amazonaws.com` });
export const viaSageMaker = (region: string) => ({ "kms:ViaService": `sagemaker.${region}.amazonaws.com` });
export const INSECURE = { "aws:SecureTransport": "false" };

/** Decryption under a key, through the service that `context` names; no step if the store has no key of its own. */
export function decrypting(principal: string, key: string | undefined, context: RequestContext): Step[] {
  return key === undefined ? [] : each(principal, ["kms:Decrypt"], key, { context });
}

/** Only Feature Store knows the objects under the prefix: their names end in the group's creation time. */
export function objectsOf({ bucketArn, prefix }: Pick<StoreFacts, "bucketArn" | "prefix">): string {
  return prefix === "" ? `${bucketArn}/*` : `${bucketArn}/${prefix}/*`;
}

/** An Iceberg table's metadata is beside its data. */
export function metadataPrefix(dataPrefix: string): string {
  return dataPrefix.replace(/data$/, "metadata");
}

/** ARNs of the Data Catalog, the database and the table: AWS asks for all three. */
export function catalogArns(
  { partition, region, account }: Pick<StoreFacts, "partition" | "region" | "account">,
  { database, name }: TableFacts,
): [catalog: string, database: string, table: string] {
  const glue = `arn:${partition}:glue:${region}:${account}`;
  return [`${glue}:catalog`, `${glue}:database/${database}`, `${glue}:table/${database}/${name}`];
}

/** The keys of the groups' stores, each once. */
export function groupKeys(
  groups: readonly GroupFacts[],
  ...halves: ("onlineKeyArn" | "offlineKeyArn")[]
): string[] {
  const keys = groups.flatMap((group) => halves.map((half) => group[half]));
  return [...new Set(keys)].filter((key) => key !== undefined);
}

/** ARN of a role that no stage makes. Role names cannot have braces, so nobody has this one. */
export function roleOf(partition: string, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:role/{${name}}`;
}
