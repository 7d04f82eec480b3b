import type { Settings } from "../../../components/settings";
import { ref } from "../../../components/topologies/assumed-role";
import { contractOf, type Contracts } from "../contracts";

export function summary(settings: Settings, contracts: Contracts): readonly string[] {
  if (!settings.centralStore) return [];
  const { featureGroups, bucketName, ...keys } = contractOf(contracts, ref("centralStore"));
  return [
    "assumed-role: account B's central store",
    `  bucket          ${bucketName}`,
    `  online key      ${keys.onlineKeyArn ?? "AWS's own"}`,
    `  offline key     ${keys.offlineKeyArn ?? "AWS's own"}`,
    ...Object.values(featureGroups).map(({ arn }) => `  feature group   ${arn}`),
    ...settings.consumers.flatMap(({ name }) => consumer(name, contracts)),
  ];
}

function consumer(name: string, contracts: Contracts): string[] {
  const access = contractOf(contracts, ref("consumerGrants", name));
  return [
    `  consumer ${name}`,
    `    execution role  ${access.executionRoleArn}`,
    `    assumes         ${access.roleArn}`,
    `    workgroup       ${access.workgroup} -> ${access.resultsLocation}`,
    ...Object.entries(access.featureGroups).map(
      ([group, { access: permissions }]) => `    may             ${permissions.join(", ")}: ${group}`,
    ),
  ];
}
