/**
 * What resource control policies reach. Source: AWS Organizations User Guide, "Resource control policies (RCPs)": list of
 * AWS services that support RCPs; resources and entities not restricted by RCPs.
 */
import type { Caller } from "./caller";
import type { Asked } from "./statement";

/** Prefixes of their actions. */
const SERVICES: ReadonlySet<string> = new Set(
  (
    "aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch cloudtrail-data " +
    "codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend comprehendmedical " +
    "compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms gamelift health " +
    "inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad " +
    "personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf " +
    "textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray"
  ).split(" "),
);

/** Not so: calls of service-linked roles, a service's assuming one, kms:RetireGrant, and services without RCPs. */
export function isUnderResourceControl(caller: Caller, { action, resource }: Asked): boolean {
  if (caller.serviceLinked || action === "kms:retiregrant") return false;
  if (caller.kind === "service" && resource.includes(":role/aws-service-role/")) return false;
  return SERVICES.has(action.slice(0, action.indexOf(":")));
}
