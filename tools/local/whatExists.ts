/** The summary at the end of `npm start`: what was made, where it is, and how to go on. */
import type {
  FeatureGroupsContract,
  OfflineBucketContract,
  WriterContract,
} from "../../components/contracts";

export function whatExists(outputs: Record<string, unknown>, state: string): string {
  const { roleArn, keyArn } = outputs["writer"] as WriterContract;
  const { bucketName } = outputs["offlineBucket"] as OfflineBucketContract;
  const { featureGroups } = outputs["featureGroups"] as FeatureGroupsContract;
  return [
    "account A (111111111111)",
    `  writer role     ${roleArn}`,
    `  key             ${keyArn}`,
    ...Object.values(featureGroups).map(({ name, s3Uri }) => `  feature group   ${name} -> ${s3Uri}`),
    "account B (222222222222)",
    `  offline bucket  ${bucketName}`,
    `kept in ${state}`,
    "",
    "Go on:",
    "  npm run -s sandbox:exec -- npm run preview          what a change of Pulumi.dev.yaml would do",
    "  npm run -s sandbox:exec -- npm run verify           try the access again",
    "  npm run -s sandbox:exec -- aws sts get-caller-identity   any AWS client, if you have one",
    "  npm run -s sandbox:exec -- npm run destroy          take it all down",
  ].join("\n");
}
