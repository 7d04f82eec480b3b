/** Reads the grants on the stores' keys, and the feature groups that they name. */
import { KMSClient, paginateListGrants, type GrantListEntry } from "@aws-sdk/client-kms";
import { DescribeFeatureGroupCommand, ResourceNotFound, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { AccountClientConfig } from "../../environment/accountSessions";
import {
  groupGrants,
  groupOf,
  judged,
  type DescribedGroup,
  type GroupGrants,
  type JudgedGrant,
  type ListedGrant,
} from "./grants";

/** A store's account, feature groups and keys. */
export interface StoreKeysOf {
  /** Name of the account in the settings. */
  readonly account: string;
  readonly groups: readonly string[];
  /** ARNs of all keys that its feature groups use or used. */
  readonly keys: readonly string[];
}

export interface StoreGrants {
  readonly account: string;
  readonly groups: readonly GroupGrants[];
  readonly grants: readonly JudgedGrant[];
}

export async function readGrants(store: StoreKeysOf, config: AccountClientConfig): Promise<StoreGrants> {
  const kms = new KMSClient(config);
  const sagemaker = new SageMakerClient(config);
  try {
    const listed = (await Promise.all(store.keys.map((key) => grantsOn(kms, key)))).flat();
    const named = listed.map(groupOf).filter((name) => name !== undefined);
    const names = [
      ...new Map([...named, ...store.groups].map((name) => [name.toLowerCase(), name])).values(),
    ];
    const described: DescribedGroup[] = [];
    for (const name of names) {
      const group = await describe(sagemaker, name);
      if (group) described.push(group);
    }
    const grants = judged(listed, described);
    return { account: store.account, groups: groupGrants(store.groups, described, grants), grants };
  } finally {
    kms.destroy();
    sagemaker.destroy();
  }
}

async function grantsOn(client: KMSClient, key: string): Promise<ListedGrant[]> {
  const found: ListedGrant[] = [];
  for await (const { Grants = [] } of paginateListGrants({ client }, { KeyId: key }))
    found.push(...Grants.map((grant) => listed(key, grant)));
  return found;
}

function listed(key: string, grant: GrantListEntry): ListedGrant {
  const {
    GrantId = "",
    Name,
    GranteePrincipal = "",
    RetiringPrincipal,
    CreationDate,
    Operations = [],
  } = grant;
  const { EncryptionContextEquals = {}, EncryptionContextSubset = {} } = grant.Constraints ?? {};
  return {
    id: GrantId,
    key,
    ...(Name === undefined ? {} : { name: Name }),
    grantee: GranteePrincipal,
    ...(RetiringPrincipal === undefined ? {} : { retiring: RetiringPrincipal }),
    ...(CreationDate === undefined ? {} : { created: CreationDate }),
    operations: Operations,
    encryptionContext: { ...EncryptionContextEquals, ...EncryptionContextSubset },
  };
}

async function describe(client: SageMakerClient, name: string): Promise<DescribedGroup | undefined> {
  try {
    const group = await client.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
    const online = group.OnlineStoreConfig?.EnableOnlineStore ?? false;
    const onlineKey = online ? group.OnlineStoreConfig?.SecurityConfig?.KmsKeyId : undefined;
    return {
      name: group.FeatureGroupName ?? name,
      arn: group.FeatureGroupArn ?? "",
      status: group.FeatureGroupStatus ?? "",
      ...(group.CreationTime ? { created: group.CreationTime } : {}),
      online,
      ...(onlineKey ? { onlineKey } : {}),
    };
  } catch (error) {
    if (error instanceof ResourceNotFound) return undefined;
    throw error;
  }
}
