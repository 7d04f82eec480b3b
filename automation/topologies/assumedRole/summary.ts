import type { Settings } from "../../../components/settings";
import { ref } from "../../../components/topologies/assumed-role";
import { contractOf, type Contracts } from "../contracts";

export function summary(contracts: Contracts, { consumers }: Settings): readonly string[] {
  if (!contracts[ref("centralStore").name]) return [];
  const { featureGroups, bucketName, onlineKeyArn, offlineKeyArn } = contractOf(
    contracts,
    ref("centralStore"),
  );
  return [
    "assumed-role: account B's central store",
    `  bucket          ${bucketName}`,
    `  online key      ${onlineKeyArn ?? "AWS's own"}`,
    `  offline key     ${offlineKeyArn ?? "AWS's own"}`,
    ...Object.values(featureGroups).map(({ arn }) => `  feature group   ${arn}`),
    ...consumers.flatMap(({ name }) => ofConsumer(contracts, name)),
  ];
}

function ofConsumer(contracts: Contracts, name: string): string[] {
  const grants = contractOf(contracts, ref("consumerGrants", name));
  const { executionRoleArn, roleArn, workgroup, resultsLocation, featureGroups } = grants;
  return [
    `  consumer ${name}`,
    `    execution role  ${executionRoleArn}`,
    `    assumes         ${roleArn}`,
    `    workgroup       ${workgroup} -> ${resultsLocation}`,
    ...Object.entries(featureGroups).map(
      ([group, { access }]) => `    may             ${access.join(", ")}: ${group}`,
    ),
  ];
}
