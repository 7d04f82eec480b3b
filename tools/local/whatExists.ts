/** The summary at the end of `npm start`: the resources, and commands to go on with. */
import type { CentralStoreContract, ConsumerGrantsContract } from "../../components/topologies/assumed-role";
import type {
  FeatureGroupsContract,
  OfflineBucketContract,
  WriterContract,
} from "../../components/topologies/offline-store";

/** @param outputs each stage's contract, by stage */
export function whatExists(outputs: Record<string, unknown>, state: string): string {
  const consumers = Object.entries(outputs).filter(([stage]) => stage.startsWith("consumerGrants:"));
  const anyone = consumers[0]?.[0].split(":")[1];
  return [
    ...(outputs["writer"] ? offlineStore(outputs) : []),
    ...(outputs["centralStore"] ? centralStore(outputs["centralStore"] as CentralStoreContract) : []),
    ...consumers.flatMap(([stage, grants]) => consumer(stage, grants as ConsumerGrantsContract)),
    `kept in ${state}`,
    "",
    "Go on:",
    "  npm run -s sandbox:exec -- npm run preview          what a change of Pulumi.dev.yaml would do",
    "  npm run -s sandbox:exec -- npm run verify           try the access again",
    ...(anyone === undefined
      ? []
      : [
          `  npm run -s sandbox:exec -- npm run -s credentials -- --consumer ${anyone}   what its workloads need`,
        ]),
    "  npm run -s sandbox:exec -- aws sts get-caller-identity   any AWS client, if you have one",
    "  npm run -s sandbox:exec -- npm run destroy -- --delete-data   take it all down",
  ].join("\n");
}

function offlineStore(outputs: Record<string, unknown>): string[] {
  const { roleArn, keyArn, onlineKeyArn } = outputs["writer"] as WriterContract;
  const { bucketName } = outputs["offlineBucket"] as OfflineBucketContract;
  const { featureGroups } = outputs["featureGroups"] as FeatureGroupsContract;
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

function centralStore({
  featureGroups,
  bucketName,
  onlineKeyArn,
  offlineKeyArn,
}: CentralStoreContract): string[] {
  return [
    "assumed-role: account B's central store",
    `  bucket          ${bucketName}`,
    `  online key      ${onlineKeyArn ?? "AWS's own"}`,
    `  offline key     ${offlineKeyArn ?? "AWS's own"}`,
    ...Object.values(featureGroups).map(({ arn }) => `  feature group   ${arn}`),
  ];
}

function consumer(stage: string, grants: ConsumerGrantsContract): string[] {
  const { executionRoleArn, roleArn, workgroup, resultsLocation, featureGroups } = grants;
  return [
    `  consumer ${stage.split(":")[1] ?? ""}`,
    `    execution role  ${executionRoleArn}`,
    `    assumes         ${roleArn}`,
    `    workgroup       ${workgroup} -> ${resultsLocation}`,
    ...Object.entries(featureGroups).map(
      ([name, { access }]) => `    may             ${access.join(", ")}: ${name}`,
    ),
  ];
}
