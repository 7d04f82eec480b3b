/**
 * The reach of resource control policies: services that support them, and requests that they do not restrict.
 * Source: "Resource control policies (RCPs)", https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
import type { Caller } from "./caller";
import type { Asked } from "./statement";

/** Services that support RCPs, by the prefix of their actions. */
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

/** False for calls of service-linked roles, a service that assumes one, kms:RetireGrant, and services without RCPs. */
export function isUnderResourceControl(caller: Caller, { action, resource }: Asked): boolean {
  if (caller.serviceLinked || action === "kms:retiregrant") return false;
  if (caller.kind === "service" && resource.includes(":role/aws-service-role/")) return false;
  return SERVICES.has(action.slice(0, action.indexOf(":")));
}
