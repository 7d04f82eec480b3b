import { ref } from "../../../components/topologies/offline-store";
import { contractOf, type Contracts } from "../contracts";

export function summary(contracts: Contracts): readonly string[] {
  if (!contracts[ref("writer").name]) return [];
  const { roleArn, keyArn, onlineKeyArn } = contractOf(contracts, ref("writer"));
  const { bucketName } = contractOf(contracts, ref("offlineBucket"));
  const { featureGroups } = contractOf(contracts, ref("featureGroups"));
  return [
    "offline-store: account A's feature groups, offline in account B's bucket",
    `  writer role     ${roleArn}`,
    `  key             ${keyArn}`,
    ...(onlineKeyArn === undefined ? [] : [`  online key      ${onlineKeyArn}`]),
    `  offline bucket  ${bucketName}`,
    ...Object.values(featureGroups).map(
      ({ name, s3Uri }) => `  feature group   ${name} -> ${s3Uri ?? "(no offline store)"}`,
    ),
  ];
}
